using System.Globalization;
using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Engines;

/// <summary>
/// The facts about the tables that are needed before they are used. There are the predecessor's two tables
/// and ours beside them, which have a version.
/// </summary>
internal static class Schema
{
    /// <summary>The version that this program writes: the number of <see cref="Statements.Steps"/>.</summary>
    public const int Version = 3;

    /// <summary>The first version whose tables have <see cref="Model.SegmentStart"/>.</summary>
    public const int FirstWithStarts = 2;

    /// <summary>The first version whose tables have facts, and with them the order of the last push.</summary>
    public const int FirstWithFacts = 3;

    /// <summary>The version if our tables do not exist: the database is a predecessor's that is only read.</summary>
    public const int None = 0;

    /// <summary>The table of folded texts of a version, which is older than the current one if the database is only read.</summary>
    public static string TextTableOf(int version) => version < FirstWithStarts ? "registry_index_search" : Statements.TextTable;

    /// <summary>The version in the predecessor's <c>version</c> table.</summary>
    public const int LegacyVersion = 1;

    /// <summary>Reads the version of our schema; null if our tables do not exist yet.</summary>
    /// <exception cref="RegistryIndexException">This program does not know the version.</exception>
    public static async Task<int?> ReadVersionAsync(IndexDatabase database, IndexDbContext db, CancellationToken cancellationToken)
    {
        if ((await ReadColumnsAsync(database, db, "registry_index_state", cancellationToken).ConfigureAwait(false)).Count == 0)
            return null;
        var text = await db.State.Where(row => row.Name == StateRow.SchemaVersion).Select(row => row.Value)
            .SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version is >= 1 and <= Version)
            return version;
        throw Refuse($"the table registry_index_state says schema version '{text ?? "none"}', and this program knows only 1 to {Version}; use the program that made it, or another database");
    }

    /// <summary>Records that all steps are done, in their transaction.</summary>
    public static Task WriteVersionAsync(IndexDbContext db, CancellationToken cancellationToken) => db.State
        .Where(row => row.Name == StateRow.SchemaVersion)
        .ExecuteUpdateAsync(row => row.SetProperty(state => state.Value, Version.ToString(CultureInfo.InvariantCulture)), cancellationToken);

    /// <summary>Checks the tables of a predecessor, if they exist.</summary>
    /// <returns>Whether the table of repositories exists.</returns>
    /// <exception cref="RegistryIndexException">The tables are not those of docker-registry's index.</exception>
    public static async Task<bool> CheckLegacyAsync(IndexDatabase database, IndexDbContext db, CancellationToken cancellationToken)
    {
        if (await HasLegacyAsync(database, db, "version", ["id"], cancellationToken).ConfigureAwait(false))
        {
            var found = await db.Database.SqlQueryRaw<int?>("SELECT max(id) AS \"Value\" FROM version").SingleAsync(cancellationToken).ConfigureAwait(false);
            if (found is not (null or LegacyVersion))
                throw Refuse($"the table version says {found}, and docker-registry's index is version {LegacyVersion}; name another database");
        }

        return await HasLegacyAsync(database, db, "repository", ["id", "name", "description"], cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> HasLegacyAsync(IndexDatabase database, IndexDbContext db, string table, string[] expected, CancellationToken cancellationToken)
    {
        var found = await ReadColumnsAsync(database, db, table, cancellationToken).ConfigureAwait(false);
        if (found.Count > 0 && !expected.All(column => found.Contains(column, StringComparer.OrdinalIgnoreCase)))
            throw Refuse($"the table {table} has the columns {string.Join(", ", found)}, and docker-registry's index has {string.Join(", ", expected)}; name another database");
        return found.Count > 0;
    }

    private static Task<List<string>> ReadColumnsAsync(IndexDatabase database, IndexDbContext db, string table, CancellationToken cancellationToken) =>
        db.Database.SqlQueryRaw<string>(database.Statements.ReadColumns, table).ToListAsync(cancellationToken);

    private static RegistryIndexException Refuse(string problem) =>
        new(EfCoreIndexOptions.ProviderName, "initialize", problem + ".", mayRetry: false);
}
