namespace RegistryIndex.Conformance.Tests.Memory;

/// <summary>An index that is another one, member by member; a mutant overrides what it does wrong.</summary>
public class DelegatingIndex(IRegistryIndex inner) : IRegistryIndex
{
    protected IRegistryIndex Inner { get; } = inner;

    public virtual string Provider => Inner.Provider;

    public virtual Task InitializeAsync(CancellationToken cancellationToken = default) => Inner.InitializeAsync(cancellationToken);

    public virtual Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => Inner.GetAsync(name, cancellationToken);

    public virtual Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => Inner.UpsertAsync(repository, cancellationToken);

    public virtual Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => Inner.DeleteAsync(name, cancellationToken);

    public virtual IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => Inner.ListAsync(after, cancellationToken);

    public virtual Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => Inner.SearchAsync(request, cancellationToken);

    public virtual Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        Inner.ImportAsync(repositories, options, cancellationToken);

    public virtual Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Inner.GetStatusAsync(cancellationToken);

    public virtual Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => Inner.ReadMarkAsync(name, cancellationToken);

    public virtual Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        Inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);
}
