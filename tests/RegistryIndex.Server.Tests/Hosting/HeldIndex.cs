using Microsoft.Extensions.Configuration;

namespace RegistryIndex.Server.Tests.Hosting;

/// <summary>An index whose searches, lists and writes hold the thread that asks, as long as a directory has a file of a certain name.</summary>
internal sealed class HeldIndex(IRegistryIndex inner, string directory) : IRegistryIndex
{
    /// <summary>The setting that names the directory.</summary>
    public const string Key = "test_held";

    private readonly string _hold = Path.Combine(directory, "hold");

    public string Provider => inner.Provider;

    public static IRegistryIndex Around(IRegistryIndex index, IConfiguration configuration) =>
        configuration[Key] is { } directory ? new HeldIndex(index, directory) : index;

    /// <summary>Has all that come from now on held.</summary>
    public static void Hold(string directory) => File.WriteAllText(Path.Combine(directory, "hold"), "");

    /// <summary>Lets go of all of them.</summary>
    public static void Release(string directory) => File.Delete(Path.Combine(directory, "hold"));

    /// <summary>How many are held: searches and lists, or writes.</summary>
    public static int Count(string directory, string what) => Directory.GetFiles(directory, $"{what}-*").Length;

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => Held("read").SearchAsync(request, cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => Held("read").ListAsync(after, cancellationToken);

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => Held("write").UpsertAsync(repository, cancellationToken);

    public Task InitializeAsync(CancellationToken cancellationToken = default) => inner.InitializeAsync(cancellationToken);

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => inner.GetAsync(name, cancellationToken);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, cancellationToken);

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.ImportAsync(repositories, options, cancellationToken);

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => inner.ReadMarkAsync(name, cancellationToken);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);

    private IRegistryIndex Held(string what)
    {
        var sign = Path.Combine(directory, $"{what}-{Guid.NewGuid():n}");
        File.WriteAllText(sign, "");
        while (File.Exists(_hold))
            Thread.Sleep(10);
        File.Delete(sign);
        return inner;
    }
}
