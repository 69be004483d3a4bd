using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Memory;

namespace RegistryIndex.EfCore.Writing;

/// <summary>Creates or upgrades the schema, and folds the rows that a predecessor or an old writer has written.</summary>
internal sealed partial class Adoption(IndexDatabase database, ILogger logger)
{
    private const int ProgressEvery = 10_000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        database.SchemaVersion = Schema.Version;
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
        var version = await Schema.ReadVersionAsync(database, db, cancellationToken).ConfigureAwait(false);
        if (version is null)
        {
            // A refused database must stay exactly as it was, so this check precedes every write.
            await Schema.CheckLegacyAsync(database, db, cancellationToken).ConfigureAwait(false);
            await database.ShareAsync(db, cancellationToken).ConfigureAwait(false);
        }
        else if (version == Schema.Version && !await ForeignRows.AreThereAsync(database, db, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        // Everything is one transaction: a crash leaves the database as it was, and a second process finds the work done.
        var transaction = await database.BeginWriteAsync(db, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            version = await Schema.ReadVersionAsync(database, db, cancellationToken).ConfigureAwait(false);
            if (version is null)
                await database.TakeOverAsync(db, cancellationToken).ConfigureAwait(false);
            var steps = database.Statements.Steps.Skip(version ?? 0).ToList();
            var isUpgrade = version is not null && steps.Count > 0;
            if (isUpgrade)
                LogUpgrading(logger, database.Location, version!.Value, Schema.Version);
            foreach (var step in steps)
                await db.Database.ExecuteSqlRawAsync(step.Script, cancellationToken).ConfigureAwait(false);
            var (folded, dropped) = await ForeignRows.TakeInAsync(database, db, LogProgress, cancellationToken).ConfigureAwait(false);
            foreach (var step in steps)
            {
                if (step.LastScript is { } script)
                    await db.Database.ExecuteSqlRawAsync(script, cancellationToken).ConfigureAwait(false);
            }

            await ChangeLog.NoteAsync(database, db, names: null, cancellationToken).ConfigureAwait(false);
            if (steps.Count > 0)
                await Schema.WriteVersionAsync(db, cancellationToken).ConfigureAwait(false);
            await database.CommitAsync(transaction, cancellationToken).ConfigureAwait(false);
            if (isUpgrade)
                LogUpgraded(logger, database.Location, Schema.Version, folded);
            else if (folded > 0 || dropped > 0)
                LogAdopted(logger, folded, dropped, database.Location);
        }
    }

    private void LogProgress(int count)
    {
        if (count % ProgressEvery == 0)
            LogFolded(logger, count, database.Location);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Upgrading the index in {Location} from schema version {From} to {To}; nothing changes until the upgrade is complete, and it may be interrupted")]
    private static partial void LogUpgrading(ILogger logger, string location, int from, int to);

    [LoggerMessage(Level = LogLevel.Information, Message = "Adopted {Folded:N0} repositories so far, in {Location}")]
    private static partial void LogFolded(ILogger logger, int folded, string location);

    [LoggerMessage(Level = LogLevel.Information, Message = "The index in {Location} now has schema version {Version}, with {Folded} repositories; earlier programs can no longer use it")]
    private static partial void LogUpgraded(ILogger logger, string location, int version, int folded);

    [LoggerMessage(Level = LogLevel.Information, Message = "Adopted {Folded} repositories that another writer had added or changed, and dropped {Dropped} that it had removed, in {Location}")]
    private static partial void LogAdopted(ILogger logger, int folded, int dropped, string location);
}
