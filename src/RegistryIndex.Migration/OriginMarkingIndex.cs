using RegistryIndex.Providers;

namespace RegistryIndex.Migration;

/// <summary>
/// An index that sets its <see cref="OriginMark"/> before the first write. The mark lets a migration distinguish the index from a copy. A host
/// wraps it around an index that may later be mirrored or migrated. As thread-safe as the inner index.
/// </summary>
/// <param name="inner">The inner index.</param>
public sealed class OriginMarkingIndex(IRegistryIndex inner) : IRegistryIndex
{
    private bool _hasOrigin;

    /// <inheritdoc/>
    public string Provider => inner.Provider;

    /// <inheritdoc/>
    public IndexCapabilities Capabilities => inner.Capabilities;

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellationToken = default) => inner.InitializeAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => inner.GetAsync(name, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => inner.ListAsync(after, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Repository> ListAsync(string? after, int most, CancellationToken cancellationToken) => inner.ListAsync(after, most, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) =>
        inner.ScanAsync(after, most, cancellationToken);

    /// <inheritdoc/>
    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => inner.SearchAsync(request, cancellationToken);

    /// <inheritdoc/>
    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => inner.ReadMarkAsync(name, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);

    /// <inheritdoc/>
    public async Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default)
    {
        await EnsureOriginAsync(cancellationToken);
        return await inner.UpsertAsync(repository, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        await EnsureOriginAsync(cancellationToken);
        return await inner.DeleteAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        await EnsureOriginAsync(cancellationToken);
        return await inner.ImportAsync(repositories, options, cancellationToken);
    }

    private async Task EnsureOriginAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _hasOrigin) || Provider == NoIndex.Name)
            return;
        await OriginMark.EnsureAsync(inner, cancellationToken);
        Volatile.Write(ref _hasOrigin, true);
    }
}
