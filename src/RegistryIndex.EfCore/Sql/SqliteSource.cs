using Microsoft.EntityFrameworkCore;

namespace RegistryIndex.EfCore.Sql;

/// <summary>Looks at a database that is only to be read: a predecessor's has no tables of ours, and gets none.</summary>
internal static class SqliteSource
{
    public static async Task<SourceState> OpenAsync(SqliteDatabase database, CancellationToken cancellationToken)
    {
        if (!database.Exists)
            return SourceState.Missing;
        var db = database.Open();
        await using (db.ConfigureAwait(false))
        {
            if (await SqliteSchema.ReadVersionAsync(db, cancellationToken).ConfigureAwait(false) is null)
            {
                await SqliteSchema.CheckLegacyAsync(db, cancellationToken).ConfigureAwait(false);
                return await SqliteSchema.HasTableAsync(db, "repository", cancellationToken).ConfigureAwait(false) ? SourceState.Listable : SourceState.Missing;
            }

            // What an old writer has added since the last start is not folded yet.
            var isFolded = !await db.Repositories.FromSqlRaw(SqliteStatements.FindUnfolded).AnyAsync(cancellationToken).ConfigureAwait(false);
            return isFolded ? SourceState.Searchable : SourceState.Listable;
        }
    }
}
