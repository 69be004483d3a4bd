namespace RegistryIndex.Conformance.Tests;

/// <summary>A provider that answers every call and does nothing.</summary>
internal sealed class DoesNothing : IRegistryIndex, IRegistryIndexSource
{
    public string Provider => "nothing";

    public IndexCapabilities Capabilities => IndexCapabilities.Facts | IndexCapabilities.OrderByPush;

    public Task InitializeAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default) => Task.FromResult(SourceState.Missing);

    public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) => AsyncEnumerable.Empty<Repository>();

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult<Repository?>(null);

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => Task.FromResult(UpsertOutcome.Added);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(false);

    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => AsyncEnumerable.Empty<Repository>();

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => Task.FromResult(new SearchPage([], null));

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(ImportResult.None);

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Task.FromResult(new IndexStatus { Provider = Provider, Location = "nowhere", Repositories = 0 });

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult<string?>(null);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) => Task.FromResult(false);
}
