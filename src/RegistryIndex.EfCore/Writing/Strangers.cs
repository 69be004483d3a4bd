using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Writing;

/// <summary>Rows of <c>repository</c> that somebody else has written, so that our tables lack them or have them otherwise: a predecessor, or an old writer still at work.</summary>
internal static class Strangers
{
    private const int BatchSize = 5_000;

    public static async Task<bool> AreThereAsync(IndexDatabase database, IndexDbContext db, CancellationToken cancellationToken) =>
        await db.Repositories.FromSqlRaw(database.Statements.FindUnfolded, Statements.BeforeAll).AnyAsync(cancellationToken).ConfigureAwait(false)
        || await db.Repositories.FromSqlRaw(database.Statements.FindOrphans).AnyAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Makes our tables true; in a write transaction.</summary>
    /// <returns>How many rows were folded, and how many dropped.</returns>
    public static async Task<(int Folded, int Dropped)> TakeInAsync(IndexDatabase database, IndexDbContext db, Action<int>? progress, CancellationToken cancellationToken)
    {
        var orphans = await db.Repositories.FromSqlRaw(database.Statements.FindOrphans).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var batch in orphans.Chunk(BatchSize))
            await RemoveStartsAsync(database, db, batch, cancellationToken).ConfigureAwait(false);
        if (orphans.Count > 0)
            await db.Database.ExecuteSqlRawAsync(database.Statements.DropOrphans, cancellationToken).ConfigureAwait(false);
        return (await FoldAsync(database, db, progress, cancellationToken).ConfigureAwait(false), orphans.Count);
    }

    /// <summary>Writes what our tables have of rows that are in <c>repository</c>.</summary>
    /// <returns>How many were written; the others have an id that something else of ours has.</returns>
    public static async Task<int> FoldAsync(IndexDatabase database, IndexDbContext db, IReadOnlyCollection<RepositoryRow> rows, CancellationToken cancellationToken)
    {
        var json = database.ToParameter(FoldedRow.ToUtf8Json(rows.Select(row => FoldedRow.Of(database, row.ToRepository(database), row.Id))));
        var folded = await db.Database.ExecuteSqlRawAsync(database.Statements.Fold, [json], cancellationToken).ConfigureAwait(false);
        await RunAsync(database, db, database.Statements.AddStarts, rows, cancellationToken).ConfigureAwait(false);
        return folded;
    }

    /// <summary>Removes the starts of repositories.</summary>
    public static Task RemoveStartsAsync(IndexDatabase database, IndexDbContext db, IEnumerable<RepositoryRow> rows, CancellationToken cancellationToken) =>
        RunAsync(database, db, database.Statements.RemoveStarts, rows, cancellationToken);

    private static Task<int> RunAsync(IndexDatabase database, IndexDbContext db, string statement, IEnumerable<RepositoryRow> rows, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(statement, [database.ToParameter(SegmentStart.ToUtf8Json(rows.SelectMany(row => SegmentStart.Of(database, row.Id, row.Name))))], cancellationToken);

    private static async Task<int> FoldAsync(IndexDatabase database, IndexDbContext db, Action<int>? progress, CancellationToken cancellationToken)
    {
        var (count, lastId) = (0, Statements.BeforeAll);
        while (true)
        {
            var batch = await db.Repositories.FromSqlRaw(database.Statements.FindUnfolded, lastId)
                .OrderBy(row => row.Id).Take(BatchSize)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            if (batch.Count == 0)
                return count;
            await FoldAsync(database, db, batch, cancellationToken).ConfigureAwait(false);
            (count, lastId) = (count + batch.Count, batch[^1].Id);
            progress?.Invoke(count);
        }
    }
}
