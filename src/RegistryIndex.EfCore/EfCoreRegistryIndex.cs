using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Memory;
using RegistryIndex.EfCore.Opening;
using RegistryIndex.EfCore.Searching;
using RegistryIndex.EfCore.Writing;

namespace RegistryIndex.EfCore;

/// <summary>
/// The index in the predecessor's two tables, with our tables of folded texts, starts of path segments and a trigram index beside them.
/// </summary>
internal sealed class EfCoreRegistryIndex : IRegistryIndex, IRegistryIndexSource, ISearchCapacity, IAsyncDisposable
{
    private const int ListPortion = 1_001; // a catalog page of a thousand, and one more that shows that there are more
    private static readonly SearchQuery EveryRepository = SearchQuery.Parse("");
    private readonly IndexDatabase _database;
    private readonly Adoption _adoption;
    private readonly SearchMemory? _memory;
    private volatile bool _hasMarks = true;

    public EfCoreRegistryIndex(IOptions<EfCoreIndexOptions> options, ILogger<EfCoreRegistryIndex> logger)
    {
        _database = Databases.Open(options.Value, logger);
        _adoption = new Adoption(_database, logger);
        if (options.Value.SearchMemory > 0 && _database.Statements.Memory is not null)
            _memory = new(_database, options.Value, logger);
    }

    public string Provider => EfCoreIndexOptions.ProviderName;

    public IndexCapabilities Capabilities => IndexCapabilities.Facts | IndexCapabilities.OrderByPush;

    public string Location => _database.Location;

    public int SearchesAtOnce => _database.SearchesAtOnce;

    public bool HoldsThreads => _database.HoldsThreads;

    public Task PrepareAsync(CancellationToken cancellationToken = default) => _memory?.FillAsync(cancellationToken) ?? Task.CompletedTask;

    public async Task InitializeAsync(CancellationToken cancellationToken = default)
    {
        await DatabaseRetry.TryAsync(_database, "initialize", () => _adoption.RunAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        _hasMarks = true;
    }

    public async Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default)
    {
        var opening = await DatabaseRetry.TryAsync(_database, "open", () => ReadOnlyOpening.RunAsync(_database, cancellationToken), cancellationToken).ConfigureAwait(false);
        _hasMarks = opening.HasMarks;
        return opening.State;
    }

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return RunAsync("get", async db => (await Batch.FindAsync(_database, db, name, cancellationToken).ConfigureAwait(false))?.ToRepository(_database.FromStored), cancellationToken);
    }

    public async Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        repository.ThrowIfRefused();
        var result = await DatabaseRetry.RunAsync(_database, "upsert", () => Batch.WriteAsync(_database, [repository], keepDescriptions: false, cancellationToken), cancellationToken).ConfigureAwait(false);
        return result switch
        {
            { Added: 1 } => UpsertOutcome.Added,
            { Updated: 1 } => UpsertOutcome.Updated,
            _ => UpsertOutcome.Unchanged,
        };
    }

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return RunAsync("delete", db => Batch.RemoveAsync(_database, db, name, cancellationToken), cancellationToken);
    }

    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) =>
        ListAsync(after, int.MaxValue, cancellationToken);

    public async IAsyncEnumerable<Repository> ListAsync(string? after, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Each portion is a separate statement, so that a slow reader holds no snapshot, which would prevent the log from being reused.
        for (var left = most; left > 0;)
        {
            var wanted = Math.Min(left, ListPortion);
            var portion = await ReadAsync("list", connection => ReadPortionAsync(connection, after, wanted, cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (var row in portion)
                yield return row.Repository;
            if (portion.Count < wanted)
                yield break;
            left -= wanted;
            after = portion[^1].Repository.Name;
        }
    }

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ThrowIfRefusedBy(this);
        return ReadAsync("search", connection => new Searcher(_database, _database.HasFacts ? _memory : null, connection, request, cancellationToken).SearchAsync(), cancellationToken);
    }

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        return Importer.ImportAsync(_database, repositories, options ?? new(), cancellationToken);
    }

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => RunAsync(
        "status",
        async db => new IndexStatus { Provider = Provider, Location = _database.Location, Repositories = await db.Repositories.LongCountAsync(cancellationToken).ConfigureAwait(false) },
        cancellationToken);

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default)
    {
        IndexMark.CheckName(name);
        return _hasMarks ? RunAsync("read mark", db => Marks.ReadAsync(_database, db, name, cancellationToken), cancellationToken) : Task.FromResult<string?>(null);
    }

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default)
    {
        IndexMark.ThrowIfRefused(name, expected, replacement);
        return RunAsync("replace mark", db => Marks.TryReplaceAsync(_database, db, name, expected, replacement, cancellationToken), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_memory is not null)
            await _memory.DisposeAsync().ConfigureAwait(false);
        _database.ReadConnections.Dispose();
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    private Task<List<Hit>> ReadPortionAsync(ReadConnection connection, string? after, int count, CancellationToken cancellationToken) =>
        connection.ReadAsync(_database.Search(EveryRepository, after is null ? null : new RankKey(0, "", after), count).All(), Hit.Of, cancellationToken);

    private Task<T> ReadAsync<T>(string operation, Func<ReadConnection, Task<T>> read, CancellationToken cancellationToken) => DatabaseRetry.RunAsync(_database, operation, async () =>
    {
        var connections = _database.ReadConnections;
        var connection = connections.Take() ?? new(_database);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var result = await read(connection).ConfigureAwait(false);
            connections.GiveBack(connection);
            return result;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }, cancellationToken);

    private Task<T> RunAsync<T>(string operation, Func<IndexDbContext, Task<T>> action, CancellationToken cancellationToken) => DatabaseRetry.RunAsync(_database, operation, async () =>
    {
        var db = _database.Open();
        await using (db.ConfigureAwait(false))
            return await action(db).ConfigureAwait(false);
    }, cancellationToken);
}
