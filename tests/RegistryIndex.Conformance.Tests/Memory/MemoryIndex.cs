using System.Runtime.CompilerServices;

namespace RegistryIndex.Conformance.Tests.Memory;

/// <summary>A correct provider in memory: the view of one process on a store that can fail.</summary>
public sealed class MemoryIndex(MemoryStore store) : IRegistryIndex, IRegistryIndexSource
{
    private ReferenceIndex? _asFound;

    public string Provider => "memory";

    public IndexCapabilities Capabilities => IndexCapabilities.Facts | IndexCapabilities.OrderByPush;

    public async Task InitializeAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await AnswerAsync(cancellationToken);
        ThrowIfUnfit("initialize");
        store.Create();
    }

    public async Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default)
    {
        await AnswerAsync(cancellationToken);
        ThrowIfUnfit("open");
        if (store.Data is not null)
            return SourceState.Searchable;
        if (store.Predecessor.Count == 0)
            return SourceState.Missing;
        _asFound = new(store.Adoptable);
        return SourceState.Listable;
    }

    public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) =>
        ListAsync(after, cancellationToken).Take(most ?? int.MaxValue);

    public async Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => await (await OpenAsync("get", cancellationToken)).GetAsync(name, cancellationToken);

    public async Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default)
    {
        var outcome = await (await OpenAsync("upsert", cancellationToken)).UpsertAsync(repository, cancellationToken);
        if (outcome != UpsertOutcome.Unchanged)
            store.HasWritten();
        return outcome;
    }

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        var removed = await (await OpenAsync("delete", cancellationToken)).DeleteAsync(name, cancellationToken);
        if (removed)
            store.HasWritten();
        return removed;
    }

    public async IAsyncEnumerable<Repository> ListAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var repository in (await OpenAsync("list", cancellationToken)).ListAsync(after, cancellationToken))
        {
            ThrowIfBroken("list");
            yield return repository;
        }
    }

    public async Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => await (await OpenAsync("search", cancellationToken)).SearchAsync(request, cancellationToken);

    public async Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        var result = await (await OpenAsync("import", cancellationToken)).ImportAsync(Watched(), options, cancellationToken);
        if (result.Added + result.Updated > 0)
            store.HasWritten();
        return result;

        async IAsyncEnumerable<Repository> Watched()
        {
            await foreach (var repository in repositories.WithCancellation(cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                ThrowIfBroken("import");
                yield return repository;
            }
        }
    }

    public async Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        await (await OpenAsync("status", cancellationToken)).GetStatusAsync(cancellationToken) with { Provider = Provider };

    public async Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => await (await OpenAsync("read mark", cancellationToken)).ReadMarkAsync(name, cancellationToken);

    public async Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        await (await OpenAsync("replace mark", cancellationToken)).TryReplaceMarkAsync(name, expected, replacement, cancellationToken);

    private async Task<ReferenceIndex> OpenAsync(string operation, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        ThrowIfBroken(operation);
        return store.Data ?? _asFound ?? throw new RegistryIndexException(Provider, operation, "the store has no index yet; initialize it first.", mayRetry: false);
    }

    private void ThrowIfUnfit(string operation)
    {
        ThrowIfBroken(operation);
        if (store.SchemaVersion != MemoryStore.Schema)
            throw new RegistryIndexException(Provider, operation, $"the store has the schema '{store.SchemaVersion}', expected is '{MemoryStore.Schema}'.", mayRetry: false);
    }

    private Task AnswerAsync(CancellationToken cancellationToken) => store.Held?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;

    private void ThrowIfBroken(string operation)
    {
        if (store.Fails())
            throw new RegistryIndexException(Provider, operation, store.IsLasting ? "the store is gone." : "the store is away; try again.", mayRetry: !store.IsLasting);
    }
}
