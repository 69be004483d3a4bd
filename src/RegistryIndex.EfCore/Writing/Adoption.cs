using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Model;
using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.Writing;

/// <summary>Makes the schema, and folds the rows that somebody else has written: a predecessor's, or an old writer's still at work.</summary>
internal sealed partial class Adoption(IndexDatabase database, ILogger logger)
{
    private const int BatchSize = 1_000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await database.MakePlaceAsync(cancellationToken).ConfigureAwait(false);
        var db = database.Open();
        await using (db.ConfigureAwait(false))
        {
            await database.PrepareAsync(db, cancellationToken).ConfigureAwait(false);
            await TakeInAsync(db, cancellationToken).ConfigureAwait(false);
            await database.CompleteAsync(db, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TakeInAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        if (await Schema.ReadVersionAsync(database, db, cancellationToken).ConfigureAwait(false) is null)
        {
            // What is refused is left exactly as it was, so this comes before the first byte is written.
            await Schema.CheckLegacyAsync(database, db, cancellationToken).ConfigureAwait(false);
            await database.ShareAsync(db, cancellationToken).ConfigureAwait(false);
        }
        else if (!await HasStrangersAsync(db, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        // All in one transaction: a crash leaves the predecessor's database as it was, and a second process finds the work done.
        var transaction = await database.BeginWriteAsync(db, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            if (await Schema.ReadVersionAsync(database, db, cancellationToken).ConfigureAwait(false) is null)
                await database.CreateAsync(db, cancellationToken).ConfigureAwait(false);
            var dropped = await db.Database.ExecuteSqlRawAsync(database.Statements.DropOrphans, cancellationToken).ConfigureAwait(false);
            var folded = await FoldAsync(db, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(database, cancellationToken).ConfigureAwait(false);
            if (folded > 0 || dropped > 0)
                LogAdopted(logger, folded, dropped, database.Location);
        }
    }

    private async Task<bool> HasStrangersAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        await db.Repositories.FromSqlRaw(database.Statements.FindUnfolded).AnyAsync(cancellationToken).ConfigureAwait(false)
        || await db.Database.SqlQueryRaw<int>(database.Statements.FindOrphans).AnyAsync(cancellationToken).ConfigureAwait(false);

    private async Task<int> FoldAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        var (count, lastId) = (0, int.MinValue);
        while (true)
        {
            var batch = await db.Repositories.FromSqlRaw(database.Statements.FindUnfolded)
                .Where(row => row.Id > lastId).OrderBy(row => row.Id).Take(BatchSize)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            if (batch.Count == 0)
                return count;
            var json = database.ToParameter(FoldedRow.ToUtf8Json(batch.Select(row => FoldedRow.Of(row.ToRepository(database), database))));
            await db.Database.ExecuteSqlRawAsync(database.Statements.Fold, [json], cancellationToken).ConfigureAwait(false);
            (count, lastId) = (count + batch.Count, batch[^1].Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Took in {Folded} repositories that another writer had added or changed, and dropped {Dropped} that it had removed, in {Location}")]
    private static partial void LogAdopted(ILogger logger, int folded, int dropped, string location);
}
