namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>A correct index with some operations replaced. A replacement may call the correct one.</summary>
internal sealed class AlteredIndex(IRegistryIndex inner) : IRegistryIndex, IRegistryIndexSource, IDisposable
{
    public Action Close { get; init; } = () => { };

    public string Provider => inner.Provider;

    public IndexCapabilities Capabilities { get; init; } = inner.Capabilities;

    public Func<CancellationToken, Task> Initialize { get; init; } = inner.InitializeAsync;

    public Func<CancellationToken, Task<SourceState>> OpenForReading { get; init; } = cancellation => ((IRegistryIndexSource)inner).OpenForReadingAsync(cancellation);

    public Func<string, CancellationToken, Task<Repository?>> Get { get; init; } = inner.GetAsync;

    public Func<Repository, CancellationToken, Task<UpsertOutcome>> Upsert { get; init; } = inner.UpsertAsync;

    public Func<string, CancellationToken, Task<bool>> Delete { get; init; } = inner.DeleteAsync;

    public Func<string?, CancellationToken, IAsyncEnumerable<Repository>> List { get; init; } = inner.ListAsync;

    public Func<string?, int, CancellationToken, IAsyncEnumerable<Repository>>? ListSome { get; init; }

    public Func<string?, int?, CancellationToken, IAsyncEnumerable<Repository>> Scan { get; init; } = inner.ScanAsync;

    public Func<SearchRequest, CancellationToken, Task<SearchPage>> Search { get; init; } = inner.SearchAsync;

    public Func<IAsyncEnumerable<Repository>, ImportOptions, CancellationToken, Task<ImportResult>> Import { get; init; } = inner.ImportAsync;

    public Func<CancellationToken, Task<IndexStatus>> Status { get; init; } = inner.GetStatusAsync;

    public Func<string, CancellationToken, Task<string?>> ReadMark { get; init; } = inner.ReadMarkAsync;

    public Func<string, string?, string?, CancellationToken, Task<bool>> ReplaceMark { get; init; } = inner.TryReplaceMarkAsync;

    public Task InitializeAsync(CancellationToken cancellationToken = default) => Initialize(cancellationToken);

    public Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default) => OpenForReading(cancellationToken);

    public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) =>
        Scan(after, most, cancellationToken);

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => Get(name, cancellationToken);

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => Upsert(repository, cancellationToken);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => Delete(name, cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => List(after, cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after, int most, CancellationToken cancellationToken) =>
        ListSome?.Invoke(after, most, cancellationToken) ?? List(after, cancellationToken).Take(most);

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => Search(request, cancellationToken);

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        Import(repositories, options ?? new(), cancellationToken);

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Status(cancellationToken);

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => ReadMark(name, cancellationToken);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        ReplaceMark(name, expected, replacement, cancellationToken);

    public void Dispose() => Close();
}
