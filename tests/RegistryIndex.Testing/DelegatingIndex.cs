namespace RegistryIndex.Testing;

/// <summary>An index that delegates to another one. A test overrides members.</summary>
public abstract class DelegatingIndex(IRegistryIndex inner) : IRegistryIndex
{
    /// <summary>The index to which it delegates.</summary>
    protected IRegistryIndex Inner => inner;

    public virtual string Provider => inner.Provider;

    public virtual IndexCapabilities Capabilities => inner.Capabilities;

    public virtual Task InitializeAsync(CancellationToken cancellationToken = default) => inner.InitializeAsync(cancellationToken);

    public virtual Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => inner.GetAsync(name, cancellationToken);

    public virtual Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => inner.UpsertAsync(repository, cancellationToken);

    public virtual Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, cancellationToken);

    public virtual IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => inner.ListAsync(after, cancellationToken);

    public virtual Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => inner.SearchAsync(request, cancellationToken);

    public virtual Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.ImportAsync(repositories, options, cancellationToken);

    public virtual Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

    public virtual Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => inner.ReadMarkAsync(name, cancellationToken);

    public virtual Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);
}
