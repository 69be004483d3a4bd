using System.Globalization;
using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Sql;

/// <summary>The tables on SQLite: the predecessor's two, which are adopted as they are, and ours beside them.</summary>
internal static class SqliteSchema
{
    public const int Version = 1;

    /// <summary>The version in the predecessor's <c>version</c> table.</summary>
    public const int LegacyVersion = 1;

    // What SQLAlchemy's create_all made, so that its reader finds its own tables.
    private const string LegacyTables = """
        CREATE TABLE IF NOT EXISTS version (id INTEGER NOT NULL, PRIMARY KEY (id));
        CREATE TABLE IF NOT EXISTS repository (
            id INTEGER NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));
        INSERT INTO version (id) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM version);
        """;

    // The trigram index keeps no text of its own: it reads registry_index_search, and follows it by triggers.
    private const string OurTables = """
        CREATE TABLE registry_index_state (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE registry_index_search (
            id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, folded_name TEXT NOT NULL, folded_description TEXT NOT NULL);
        CREATE VIRTUAL TABLE registry_index_trigram USING fts5(
            folded_name, folded_description, content = 'registry_index_search', content_rowid = 'id', tokenize = 'trigram case_sensitive 1');
        CREATE TRIGGER registry_index_search_added AFTER INSERT ON registry_index_search BEGIN
            INSERT INTO registry_index_trigram (rowid, folded_name, folded_description) VALUES (new.id, new.folded_name, new.folded_description);
        END;
        CREATE TRIGGER registry_index_search_removed AFTER DELETE ON registry_index_search BEGIN
            INSERT INTO registry_index_trigram (registry_index_trigram, rowid, folded_name, folded_description)
            VALUES ('delete', old.id, old.folded_name, old.folded_description);
        END;
        CREATE TRIGGER registry_index_search_changed AFTER UPDATE ON registry_index_search BEGIN
            INSERT INTO registry_index_trigram (registry_index_trigram, rowid, folded_name, folded_description)
            VALUES ('delete', old.id, old.folded_name, old.folded_description);
            INSERT INTO registry_index_trigram (rowid, folded_name, folded_description) VALUES (new.id, new.folded_name, new.folded_description);
        END;
        INSERT INTO registry_index_state (name, value) VALUES ('schema', '1');
        """;

    /// <summary>Reads our schema's version; null where our tables are not there yet.</summary>
    /// <exception cref="RegistryIndexException">It is one that this program does not know.</exception>
    public static async Task<int?> ReadVersionAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        if (!await HasTableAsync(db, "registry_index_state", cancellationToken).ConfigureAwait(false))
            return null;
        var text = await db.State.Where(row => row.Name == StateRow.SchemaVersion).Select(row => row.Value)
            .SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (text == Version.ToString(CultureInfo.InvariantCulture))
            return Version;
        throw Refuse($"the table registry_index_state says schema version '{text ?? "none"}', and this program knows only {Version}; use the program that made it, or another database");
    }

    /// <summary>Creates what is missing. Call it in a write transaction, after both checks.</summary>
    public static async Task CreateAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlRawAsync(LegacyTables, cancellationToken).ConfigureAwait(false);
        await db.Database.ExecuteSqlRawAsync(OurTables, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks the tables of a predecessor, if there are any.</summary>
    /// <exception cref="RegistryIndexException">They are not what docker-registry's index made.</exception>
    public static async Task CheckLegacyAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        if (await HasTableAsync(db, "version", cancellationToken).ConfigureAwait(false))
        {
            await RequireColumnsAsync(db, "version", ["id"], cancellationToken).ConfigureAwait(false);
            var found = await db.Database.SqlQueryRaw<int?>("SELECT max(id) AS Value FROM version").SingleAsync(cancellationToken).ConfigureAwait(false);
            if (found is not (null or LegacyVersion))
                throw Refuse($"the table version says {found}, and docker-registry's index is version {LegacyVersion}; name another database");
        }

        if (await HasTableAsync(db, "repository", cancellationToken).ConfigureAwait(false))
            await RequireColumnsAsync(db, "repository", ["id", "name", "description"], cancellationToken).ConfigureAwait(false);
    }

    private static async Task RequireColumnsAsync(IndexDbContext db, string table, string[] expected, CancellationToken cancellationToken)
    {
        var found = await db.Database.SqlQuery<string>($"SELECT name AS Value FROM pragma_table_info({table}) ORDER BY cid")
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        if (!expected.All(column => found.Contains(column, StringComparer.OrdinalIgnoreCase)))
            throw Refuse($"the table {table} has the columns {string.Join(", ", found)}, and docker-registry's index has {string.Join(", ", expected)}; name another database");
    }

    public static async Task<bool> HasTableAsync(IndexDbContext db, string table, CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE type = 'table' AND name = {table}")
            .SingleAsync(cancellationToken).ConfigureAwait(false) > 0;

    private static RegistryIndexException Refuse(string problem) =>
        new(EfCoreBackend.Name, "initialize", problem + ".", mayRetry: false);
}
