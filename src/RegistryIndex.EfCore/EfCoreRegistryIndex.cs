using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RegistryIndex.EfCore.Model;
using RegistryIndex.EfCore.Searching;
using RegistryIndex.EfCore.Sql;
using RegistryIndex.EfCore.Writing;

namespace RegistryIndex.EfCore;

/// <summary>The index in the predecessor's two tables, with folded columns and a trigram index of ours beside them.</summary>
internal sealed class EfCoreRegistryIndex : IRegistryIndex, IRegistryIndexSource, IAsyncDisposable
{
    private const int ListPortion = 500;
    private readonly SqliteDatabase _database;
    private readonly Adoption _adoption;

    public EfCoreRegistryIndex(IOptions<EfCoreIndexOptions> options, ILogger<EfCoreRegistryIndex> logger)
    {
        _database = new SqliteDatabase(DatabaseUrl.Parse(options.Value.Database));
        _adoption = new Adoption(_database, logger);
    }

    public string Provider => EfCoreBackend.Name;

    public Task InitializeAsync(CancellationToken cancellationToken = default) =>
        Store.RunAsync("initialize", () => _adoption.RunAsync(cancellationToken));

    public Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default) =>
        Store.RunAsync("open", () => SqliteSource.OpenAsync(_database, cancellationToken));

    public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) =>
        most is { } count ? ListAsync(after, cancellationToken).Take(count) : ListAsync(after, cancellationToken);

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Store.RunAsync("get", async () =>
        {
            var db = _database.Open();
            await using (db.ConfigureAwait(false))
                return (await db.Repositories.FirstOrDefaultAsync(row => row.Name == name, cancellationToken).ConfigureAwait(false))?.ToRepository();
        });
    }

    public async Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        repository.ThrowIfRefused();
        var result = await Store.RunAsync("upsert", () => Batch.WriteAsync(_database, [repository], keepDescriptions: false, cancellationToken)).ConfigureAwait(false);
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
        return Store.RunAsync("delete", async () =>
        {
            var db = _database.Open();
            await using (db.ConfigureAwait(false))
            {
                if (!await db.Repositories.AnyAsync(row => row.Name == name, cancellationToken).ConfigureAwait(false))
                    return false;
                var transaction = await SqliteDatabase.BeginWriteAsync(db, cancellationToken).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    await db.Database.ExecuteSqlRawAsync(SqliteStatements.Unfold, [name], cancellationToken).ConfigureAwait(false);
                    var removed = await db.Database.ExecuteSqlRawAsync(SqliteStatements.Remove, [name], cancellationToken).ConfigureAwait(false);
                    await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                    return removed > 0;
                }
            }
        });
    }

    public async IAsyncEnumerable<Repository> ListAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Each portion is a statement of its own: a slow reader holds no snapshot that would keep the log from being reused.
        while (true)
        {
            var portion = await Store.RunAsync("list", () => ReadPortionAsync(after, cancellationToken)).ConfigureAwait(false);
            foreach (var row in portion)
                yield return row.ToRepository();
            if (portion.Count < ListPortion)
                yield break;
            after = portion[^1].Name;
        }
    }

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Store.RunAsync("search", () => Searcher.SearchAsync(_database, request, cancellationToken));
    }

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        return Importer.ImportAsync(_database, repositories, options ?? new(), cancellationToken);
    }

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Store.RunAsync("status", async () =>
    {
        var db = _database.Open();
        await using (db.ConfigureAwait(false))
            return new IndexStatus(Provider, _database.Location, await db.Repositories.LongCountAsync(cancellationToken).ConfigureAwait(false));
    });

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) =>
        Store.RunAsync("read mark", () => Marks.ReadAsync(_database, name, cancellationToken));

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        Store.RunAsync("replace mark", () => Marks.TryReplaceAsync(_database, name, expected, replacement, cancellationToken));

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<List<RepositoryRow>> ReadPortionAsync(string? after, CancellationToken cancellationToken)
    {
        var db = _database.Open();
        await using (db.ConfigureAwait(false))
        {
            var rows = after is null ? db.Repositories : db.Repositories.Where(row => string.Compare(row.Name, after) > 0);
            return await rows
                .OrderBy(row => row.Name)
                .Take(ListPortion)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
