using System.Globalization;
using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Sql;

/// <summary>What must be known of the tables before they are touched: the predecessor's two, and ours beside them, which have a version.</summary>
internal static class Schema
{
    /// <summary>The version that this program writes: as many as there are <see cref="Statements.Steps"/>.</summary>
    public const int Version = 2;

    /// <summary>The first version whose tables have <see cref="Model.SegmentStart"/>.</summary>
    public const int FirstWithStarts = 2;

    /// <summary>The same in a version, which may be an older one that is only read.</summary>
    public static string TextTableOf(int version) => version < FirstWithStarts ? "registry_index_search" : Statements.TextTable;

    /// <summary>The version in the predecessor's <c>version</c> table.</summary>
    public const int LegacyVersion = 1;

    /// <summary>Reads our schema's version; null where our tables are not there yet.</summary>
    /// <exception cref="RegistryIndexException">It is one that this program does not know.</exception>
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

    /// <summary>Notes that all steps are done; in their transaction.</summary>
    public static Task WriteVersionAsync(IndexDbContext db, CancellationToken cancellationToken) => db.State
        .Where(row => row.Name == StateRow.SchemaVersion)
        .ExecuteUpdateAsync(row => row.SetProperty(state => state.Value, Version.ToString(CultureInfo.InvariantCulture)), cancellationToken);

    /// <summary>Checks the tables of a predecessor, if there are any.</summary>
    /// <returns>Whether there is a table of repositories.</returns>
    /// <exception cref="RegistryIndexException">They are not what docker-registry's index made.</exception>
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
