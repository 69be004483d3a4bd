namespace RegistryIndex.Conformance.Tests;

/// <summary>
/// A provider whose lists, counts and searches see a write only after they have caught up, as contract 2.12 and 5.7 allow with a stated bound.
/// </summary>
internal sealed class LateIndex(bool scansLate = false) : IRegistryIndex
{
    private readonly ReferenceIndex _rows = new();
    private ReferenceIndex _seen = new();

    public string Provider => "late";

    public IndexCapabilities Capabilities => _rows.Capabilities;

    public async Task CatchUpAsync() => _seen = new(await _rows.ListAsync().ToListAsync());

    public Task InitializeAsync(CancellationToken cancellationToken = default) => _rows.InitializeAsync(cancellationToken);

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => _rows.GetAsync(name, cancellationToken);

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => _rows.UpsertAsync(repository, cancellationToken);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => _rows.DeleteAsync(name, cancellationToken);

    public async IAsyncEnumerable<Repository> ListAsync(string? after = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var repository in _seen.ListAsync(after, cancellationToken))
            yield return repository;
    }

    public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) =>
        ((IRegistryIndex)(scansLate ? _seen : _rows)).ScanAsync(after, most, cancellationToken);

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => _seen.SearchAsync(request, cancellationToken);

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        _rows.ImportAsync(repositories, options, cancellationToken);

    public async Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        await _seen.GetStatusAsync(cancellationToken) with { Provider = Provider };

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => _rows.ReadMarkAsync(name, cancellationToken);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        _rows.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);
}
