using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: RegistryIndex.RegistryIndexProvider(typeof(RegistryIndex.Providers.NoIndexProvider), RegistryIndex.Providers.NoIndex.Name)]

namespace RegistryIndex.Providers;

/// <summary>The provider for an empty <c>search_backend</c>, which means that there is no index.</summary>
internal sealed class NoIndexProvider : IRegistryIndexProvider
{
    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<IRegistryIndex, NoIndex>();
}

/// <summary>
/// An index that holds nothing, for an empty <c>search_backend</c>. Reads return nothing; a write throws <see cref="RegistryIndexException"/>.
/// Thread-safe.
/// </summary>
public sealed class NoIndex : IRegistryIndex
{
    /// <summary>The name of its provider.</summary>
    public const string Name = "none";

    /// <inheritdoc/>
    public string Provider => Name;

    /// <inheritdoc/>
    public IndexCapabilities Capabilities => IndexCapabilities.Facts | IndexCapabilities.OrderByPush; // an empty result is correct in every order

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken) => Task.FromResult<Repository?>(null);

    /// <inheritdoc/>
    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken) => Task.FromException<UpsertOutcome>(NothingToWriteTo("upsert"));

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => Task.FromException<bool>(NothingToWriteTo("delete"));

    /// <inheritdoc/>
    public IAsyncEnumerable<Repository> ListAsync(string? after, CancellationToken cancellationToken) => AsyncEnumerable.Empty<Repository>();

    /// <inheritdoc/>
    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(request.ToPage([], position: null));

    /// <inheritdoc/>
    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options, CancellationToken cancellationToken) =>
        Task.FromException<ImportResult>(NothingToWriteTo("import"));

    /// <inheritdoc/>
    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken) => Task.FromResult(new IndexStatus { Provider = Provider, Location = "nowhere", Repositories = 0 });

    /// <inheritdoc/>
    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken) =>
        Task.FromException<bool>(NothingToWriteTo("replace mark"));

    private RegistryIndexException NothingToWriteTo(string operation) =>
        new(Provider, operation, "search_backend is empty or none, so there is no index to write to; set it to a provider.", mayRetry: false);
}
