using RegistryIndex.Backends;

namespace RegistryIndex.Server.Mirroring;

/// <summary>The index that a server or a command works with: before the first write it says that it is written for itself.</summary>
internal sealed class OwnIndex(IRegistryIndex inner) : IRegistryIndex
{
    private bool _hasOrigin;

    public string Provider => inner.Provider;

    public Task InitializeAsync(CancellationToken cancellationToken = default) => inner.InitializeAsync(cancellationToken);

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => inner.GetAsync(name, cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => inner.ListAsync(after, cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after, int most, CancellationToken cancellationToken) => inner.ListAsync(after, most, cancellationToken);

    public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) =>
        inner.ScanAsync(after, most, cancellationToken);

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => inner.SearchAsync(request, cancellationToken);

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => inner.ReadMarkAsync(name, cancellationToken);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);

    public async Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default)
    {
        await EnsureOriginAsync(cancellationToken);
        return await inner.UpsertAsync(repository, cancellationToken);
    }

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        await EnsureOriginAsync(cancellationToken);
        return await inner.DeleteAsync(name, cancellationToken);
    }

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
