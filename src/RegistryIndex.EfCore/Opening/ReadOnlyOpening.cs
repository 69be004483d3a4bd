using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Opening;

/// <summary>Checks a database that will only be read. A predecessor's database has none of our tables, and gets none.</summary>
/// <param name="State">Which operations are possible.</param>
/// <param name="HasMarks">Whether the table of marks exists.</param>
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
            {
                database.SchemaVersion = Schema.None;
                return await Schema.CheckLegacyAsync(database, db, cancellationToken).ConfigureAwait(false) ? new(SourceState.Listable, HasMarks: false) : Nothing;
            }

            database.SchemaVersion = version;
            // Rows that an old writer has added since the last start are not folded yet.
            var isFolded = !await db.Repositories.FromSqlRaw(Statements.FindUnfoldedBeside(Schema.TextTableOf(version)), Statements.BeforeAll).AnyAsync(cancellationToken).ConfigureAwait(false);
            return new(isFolded ? SourceState.Searchable : SourceState.Listable, HasMarks: true);
        }
    }
}
