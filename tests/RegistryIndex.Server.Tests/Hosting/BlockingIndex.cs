using Microsoft.Extensions.Configuration;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Hosting;

/// <summary>An index whose searches, lists and writes block the calling thread while a directory contains a certain file.</summary>
internal sealed class BlockingIndex(IRegistryIndex inner, string directory) : DelegatingIndex(inner)
{
    /// <summary>The setting that names the directory.</summary>
    public const string Key = "test_held";

    private readonly string _hold = Path.Combine(directory, "hold");

    public static IRegistryIndex Around(IRegistryIndex index, IConfiguration configuration) =>
        configuration[Key] is { } directory ? new BlockingIndex(index, directory) : index;

    /// <summary>Blocks all further calls.</summary>
    public static void Hold(string directory) => File.WriteAllText(Path.Combine(directory, "hold"), "");

    /// <summary>Releases all blocked calls.</summary>
    public static void Release(string directory) => File.Delete(Path.Combine(directory, "hold"));

    /// <summary>The number of blocked calls: searches and lists, or writes.</summary>
    public static int Count(string directory, string what) => Directory.GetFiles(directory, $"{what}-*").Length;

    public override Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => Held("read").SearchAsync(request, cancellationToken);

    public override IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => Held("read").ListAsync(after, cancellationToken);

    public override Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => Held("write").UpsertAsync(repository, cancellationToken);

    private IRegistryIndex Held(string what)
    {
        var sign = Path.Combine(directory, $"{what}-{Guid.NewGuid():n}");
        File.WriteAllText(sign, "");
        while (File.Exists(_hold))
            Thread.Sleep(10);
        File.Delete(sign);
        return Inner;
    }
}
