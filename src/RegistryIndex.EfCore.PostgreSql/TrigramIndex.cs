using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.PostgreSql;

/// <summary>
/// Creates the indexes that make substring searches fast. They use the extension pg_trgm, which comes with PostgreSQL but needs a privilege.
/// Without the indexes, a search reads every row; it is slower and has the same results.
/// </summary>
internal sealed partial class TrigramIndex(IndexDatabase database, ILogger logger)
{
    public async Task EnsureAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        if (await IsThereAsync(db, cancellationToken).ConfigureAwait(false) || await TryCreateAsync(db, cancellationToken).ConfigureAwait(false))
            LogIndexed(logger, database.Location);
    }

    private static Task<bool> IsThereAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        db.Database.SqlQueryRaw<bool>(PostgreSqlStatements.HasTrigramIndexes).SingleAsync(cancellationToken);

    private async Task<bool> TryCreateAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            var transaction = await database.BeginWriteAsync(db, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                if (await FindSchemaAsync(db, cancellationToken).ConfigureAwait(false) is { } schema)
                    await db.Database.ExecuteSqlRawAsync(PostgreSqlStatements.CreateTrigramIndexes(schema), cancellationToken).ConfigureAwait(false);
                else
                    return false;
                await database.CommitAsync(transaction, cancellationToken).ConfigureAwait(false);
                return true;
            }
        }
        catch (PostgresException error) when (!error.IsTransient)
        {
            LogUnindexed(logger, database.Location, error.MessageText);
            return false;
        }
    }

    private async Task<string?> FindSchemaAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        var found = await db.Database.SqlQueryRaw<string?>(PostgreSqlStatements.FindTrigrams).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            LogUnindexed(logger, database.Location, "the server does not have the extension");
            return null;
        }

        if (found[0] is null)
        {
            await db.Database.ExecuteSqlRawAsync(PostgreSqlStatements.CreateTrigrams, cancellationToken).ConfigureAwait(false);
            found = await db.Database.SqlQueryRaw<string?>(PostgreSqlStatements.FindTrigrams).ToListAsync(cancellationToken).ConfigureAwait(false);
        }

        return found[0];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Searches in {Location} use the trigram indexes of pg_trgm")]
    private static partial void LogIndexed(ILogger logger, string location);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Searches in {Location} read every row, which is slower: pg_trgm cannot be used ({Problem}). Let a superuser run CREATE EXTENSION pg_trgm in that database, and start again")]
    private static partial void LogUnindexed(ILogger logger, string location, string problem);
}
