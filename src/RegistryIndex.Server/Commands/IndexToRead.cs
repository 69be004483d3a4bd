using RegistryIndex.Backends;

namespace RegistryIndex.Server.Commands;

/// <summary>
/// The index of a command that only reads: it is opened as it was found, where the backend can do that, and nothing is
/// written to it, made or adopted. What can only be listed is searched by reading all of it.
/// </summary>
/// <param name="index">The configured index.</param>
/// <param name="source">The same, where it can be read as it was found; else it is initialized.</param>
/// <param name="mayBeMissing">Whether an index that is not there is an empty one.</param>
internal sealed class IndexToRead(IRegistryIndex index, IRegistryIndexSource? source, bool mayBeMissing) : IRegistryIndex
{
    private NoIndex? _nothing;
    private SourceState _state = SourceState.Searchable;

    public string Provider => index.Provider;

    private IRegistryIndex Found => _nothing ?? index;

    /// <exception cref="MissingIndexException">There is no index.</exception>
    public async Task InitializeAsync(CancellationToken cancellationToken = default)
    {
        if (source is null)
        {
            await index.InitializeAsync(cancellationToken);
            return;
        }

        _state = await source.OpenForReadingAsync(cancellationToken);
        if (_state == SourceState.Missing)
            _nothing = mayBeMissing ? new NoIndex() : throw new MissingIndexException(source, index);
    }

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => Found.GetAsync(name, cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => Found.ListAsync(after, cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after, int most, CancellationToken cancellationToken) => Found.ListAsync(after, most, cancellationToken);

    public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) =>
        Found.ScanAsync(after, most, cancellationToken);

    public async Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        if (_state != SourceState.Listable)
            return await Found.SearchAsync(request, cancellationToken);
        var best = new BestRanked(request);
        await foreach (var repository in index.ScanAsync(cancellationToken: cancellationToken))
            best.Add(repository);
        return best.ToPage();
    }

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Found.GetStatusAsync(cancellationToken);

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => Found.ReadMarkAsync(name, cancellationToken);

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => throw OnlyRead();

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => throw OnlyRead();

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) => throw OnlyRead();

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) => throw OnlyRead();

    private static InvalidOperationException OnlyRead() => new("This command was to read the index only.");
}

/// <summary>There is no index where one was to be read or changed.</summary>
internal sealed class MissingIndexException(IRegistryIndexSource source, IRegistryIndex index)
    : Exception($"There is no index at {source.Location ?? $"the place that is configured for {index.Provider}"}; 'registry-index serve', 'load', 'sync' and 'import' make one.");
