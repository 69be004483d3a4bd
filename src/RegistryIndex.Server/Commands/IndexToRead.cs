using RegistryIndex.Providers;

namespace RegistryIndex.Server.Commands;

/// <summary>
/// The index of a command that only reads. When the provider can open an index unchanged, nothing is written, created or adopted. An index
/// that can only be listed is searched by reading all of it.
/// </summary>
/// <param name="index">The configured index.</param>
/// <param name="source">The same index, when it can be opened unchanged; null when it has to be initialized.</param>
/// <param name="mayBeMissing">Whether a missing index counts as an empty one.</param>
internal sealed class IndexToRead(IRegistryIndex index, IRegistryIndexSource? source, bool mayBeMissing) : IRegistryIndex
{
    private NoIndex? _nothing;
    private SourceState _state = SourceState.Searchable;

    public string Provider => index.Provider;

    public IndexCapabilities Capabilities => index.Capabilities;

    private IRegistryIndex Found => _nothing ?? index;

    /// <exception cref="MissingIndexException">The index does not exist.</exception>
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
        request.ThrowIfRefusedBy(index);
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

    private static InvalidOperationException OnlyRead() => new("This command must only read the index.");
}

/// <summary>The index that should be read or changed does not exist.</summary>
internal sealed class MissingIndexException(IRegistryIndexSource source, IRegistryIndex index)
    : Exception($"No index exists at {source.Location ?? $"the configured place of {index.Provider}"}; 'registry-index serve', 'load', 'sync' and 'import' create one.");
