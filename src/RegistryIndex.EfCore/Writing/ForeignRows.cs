using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Writing;

/// <summary>Rows of <c>repository</c> that a predecessor or an old writer has written, so that our tables lack them or hold other values.</summary>
internal static class ForeignRows
{
    private const int BatchSize = 5_000;

    public static async Task<bool> AreThereAsync(IndexDatabase database, IndexDbContext db, CancellationToken cancellationToken) =>
        await db.Repositories.FromSqlRaw(database.Statements.FindUnfolded, Statements.BeforeAll).AnyAsync(cancellationToken).ConfigureAwait(false)
        || await db.Repositories.FromSqlRaw(database.Statements.FindOrphans).AnyAsync(cancellationToken).ConfigureAwait(false)
        || await db.Repositories.FromSqlRaw(Statements.FindFactsOrphans).AnyAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Updates our tables from <c>repository</c>, in a write transaction.</summary>
    /// <returns>How many rows were folded, and how many were dropped.</returns>
    public static async Task<(int Folded, int Dropped)> TakeInAsync(IndexDatabase database, IndexDbContext db, Action<int>? progress, CancellationToken cancellationToken)
    {
        var orphans = await db.Repositories.FromSqlRaw(database.Statements.FindOrphans).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var batch in orphans.Chunk(BatchSize))
            await RemoveStartsAsync(database, db, batch, cancellationToken).ConfigureAwait(false);
        if (orphans.Count > 0)
            await db.Database.ExecuteSqlRawAsync(database.Statements.DropOrphans, cancellationToken).ConfigureAwait(false);
        var folded = await FoldAsync(database, db, progress, cancellationToken).ConfigureAwait(false);
        await db.Database.ExecuteSqlRawAsync(Statements.DropFactsOrphans, cancellationToken).ConfigureAwait(false);
        return (folded, orphans.Count);
    }

    /// <summary>Writes the rows of our tables for rows of <c>repository</c>.</summary>
    /// <returns>How many rows were written. The others have an id that other data of ours already has.</returns>
    public static async Task<int> FoldAsync(IndexDatabase database, IndexDbContext db, IReadOnlyCollection<RepositoryRow> rows, CancellationToken cancellationToken)
    {
        var json = database.ToParameter(FoldedRow.ToUtf8Json(rows.Select(row => FoldedRow.Of(row.ToRepository(database.FromStored), database.ToStored, row.Id))));
        var folded = await db.Database.ExecuteSqlRawAsync(database.Statements.Fold, [json], cancellationToken).ConfigureAwait(false);
        await RunAsync(database, db, database.Statements.AddStarts, rows, cancellationToken).ConfigureAwait(false);
        return folded;
    }

    /// <summary>Removes the starts of repositories.</summary>
    public static Task RemoveStartsAsync(IndexDatabase database, IndexDbContext db, IEnumerable<RepositoryRow> rows, CancellationToken cancellationToken) =>
        RunAsync(database, db, database.Statements.RemoveStarts, rows, cancellationToken);

    private static Task<int> RunAsync(IndexDatabase database, IndexDbContext db, string statement, IEnumerable<RepositoryRow> rows, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(statement, [database.ToParameter(SegmentStart.ToUtf8Json(rows.SelectMany(row => SegmentStart.Of(row.Id, row.Name, database.KeepsOrder))))], cancellationToken);

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
