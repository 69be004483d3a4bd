namespace RegistryIndex.Server.Tests.Http;

/// <summary>Counts the searches of an index.</summary>
internal sealed class CountedSearches(IRegistryIndex index) : IRegistryIndex
{
    public int Count { get; private set; }

    public string Provider => index.Provider;

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        Count++;
        return index.SearchAsync(request, cancellationToken);
    }

    public Task InitializeAsync(CancellationToken cancellationToken = default) => index.InitializeAsync(cancellationToken);

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => index.GetAsync(name, cancellationToken);

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => index.UpsertAsync(repository, cancellationToken);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => index.DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => index.ListAsync(after, cancellationToken);

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) => index.ImportAsync(repositories, options, cancellationToken);

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => index.GetStatusAsync(cancellationToken);

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => index.ReadMarkAsync(name, cancellationToken);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) => index.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);
}
