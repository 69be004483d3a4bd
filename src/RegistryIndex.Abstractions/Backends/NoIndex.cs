using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: RegistryIndex.RegistryIndexBackend(typeof(RegistryIndex.Backends.NoIndexBackend), RegistryIndex.Backends.NoIndex.Name)]

namespace RegistryIndex.Backends;

/// <summary>What an empty <c>search_backend</c> means: there is no index.</summary>
internal sealed class NoIndexBackend : IRegistryIndexBackend
{
    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<IRegistryIndex, NoIndex>();
}

/// <summary>Holds nothing: reads come back empty, and a write is an error rather than lost in silence.</summary>
internal sealed class NoIndex : IRegistryIndex
{
    public const string Name = "none";

    public string Provider => Name;

    public Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken) => Task.FromResult<Repository?>(null);

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken) => Task.FromException<UpsertOutcome>(NothingToWriteTo("upsert"));

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => Task.FromException<bool>(NothingToWriteTo("delete"));

    public IAsyncEnumerable<Repository> ListAsync(string? after, CancellationToken cancellationToken) => AsyncEnumerable.Empty<Repository>();

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(request.ToPage([], position: null));

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options, CancellationToken cancellationToken) =>
        Task.FromException<ImportResult>(NothingToWriteTo("import"));

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken) => Task.FromResult(new IndexStatus { Provider = Provider, Location = "nowhere", Repositories = 0 });

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken) =>
        Task.FromException<bool>(NothingToWriteTo("replace mark"));

    private RegistryIndexException NothingToWriteTo(string operation) =>
        new(Provider, operation, "search_backend is empty or none, so there is no index to write to; name a backend.", mayRetry: false);
}
