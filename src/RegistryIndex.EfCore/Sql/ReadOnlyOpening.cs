using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Sql;

/// <summary>Looks at a database that is only to be read: a predecessor's has no tables of ours, and gets none.</summary>
/// <param name="State">What can be done with it.</param>
/// <param name="HasMarks">Whether there is a table of marks.</param>
internal sealed record ReadOnlyOpening(SourceState State, bool HasMarks)
{
    private static readonly ReadOnlyOpening Nothing = new(SourceState.Missing, HasMarks: false);

    public static Task<ReadOnlyOpening> RunAsync(IndexDatabase database, CancellationToken cancellationToken) => database.TryOpenToRead()
        ? database.AtItsPlaceAsync(() => LookAsync(database, cancellationToken), cancellationToken)
        : Task.FromResult(Nothing);

    private static async Task<ReadOnlyOpening> LookAsync(IndexDatabase database, CancellationToken cancellationToken)
    {
        var db = database.Open();
        await using (db.ConfigureAwait(false))
        {
            await database.PrepareAsync(db, cancellationToken).ConfigureAwait(false);
            if (await Schema.ReadVersionAsync(database, db, cancellationToken).ConfigureAwait(false) is not { } version)
                return await Schema.CheckLegacyAsync(database, db, cancellationToken).ConfigureAwait(false) ? new(SourceState.Listable, HasMarks: false) : Nothing;

            database.SchemaVersion = version;
            // What an old writer has added since the last start is not folded yet.
            var isFolded = !await db.Repositories.FromSqlRaw(Statements.FindUnfoldedBeside(Schema.TextTableOf(version)), Statements.BeforeAll).AnyAsync(cancellationToken).ConfigureAwait(false);
            return new(isFolded ? SourceState.Searchable : SourceState.Listable, HasMarks: true);
        }
    }
}
