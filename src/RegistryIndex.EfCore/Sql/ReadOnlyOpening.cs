using Microsoft.EntityFrameworkCore;

namespace RegistryIndex.EfCore.Sql;

/// <summary>Looks at a database that is only to be read: a predecessor's has no tables of ours, and gets none.</summary>
internal static class ReadOnlyOpening
{
    public static async Task<SourceState> RunAsync(IndexDatabase database, CancellationToken cancellationToken)
    {
        if (!database.Exists)
            return SourceState.Missing;
        var db = database.Open();
        await using (db.ConfigureAwait(false))
        {
            await database.PrepareAsync(db, cancellationToken).ConfigureAwait(false);
            if (await Schema.ReadVersionAsync(database, db, cancellationToken).ConfigureAwait(false) is null)
                return await Schema.CheckLegacyAsync(database, db, cancellationToken).ConfigureAwait(false) ? SourceState.Listable : SourceState.Missing;

            // What an old writer has added since the last start is not folded yet.
            var isFolded = !await db.Repositories.FromSqlRaw(database.Statements.FindUnfolded).AnyAsync(cancellationToken).ConfigureAwait(false);
            return isFolded ? SourceState.Searchable : SourceState.Listable;
        }
    }
}
