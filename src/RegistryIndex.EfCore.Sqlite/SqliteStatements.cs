using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Sqlite;

internal static class SqliteStatements
{
    private const string Ids = "json_each({0}) AS ids";

    public static Statements All { get; } = new()
    {
        Steps = [new(State + Texts("registry_index_search")), new(DropFormer + Texts(Statements.TextTable) + Starts + Log), new(Facts + MergeSeldom)],

        ReadColumns = """SELECT name AS "Value" FROM pragma_table_info({0}) ORDER BY cid""",

        FindRepositories = $$"""
            SELECT {{Statements.FoundColumns}}
            FROM json_each({0}) AS batch JOIN repository ON repository.name = batch.value
            """,

        AddRepositories = """
            INSERT INTO repository (name, description)
            SELECT value ->> 'name', value ->> 'description' FROM json_each({0})
            RETURNING id, name, description
            """,

        ChangeRepositories = """
            UPDATE repository SET description = batch.description
            FROM (SELECT value ->> 'name' AS name, value ->> 'description' AS description FROM json_each({0})) AS batch
            WHERE repository.name = batch.name
            """,

        Fold = """
            INSERT INTO registry_index_text (id, name, folded_name, folded_description)
            SELECT value ->> 'id', value ->> 'name', value ->> 'folded_name', value ->> 'folded_description' FROM json_each({0})
            WHERE true
            ON CONFLICT (id) DO UPDATE SET folded_name = excluded.folded_name, folded_description = excluded.folded_description
                WHERE registry_index_text.name = excluded.name
            """,

        FoldDescriptions = """
            UPDATE registry_index_text SET folded_description = batch.folded_description
            FROM (
                SELECT repository.id, repository.name, batch.value ->> 'folded_description' AS folded_description
                FROM json_each({0}) AS batch JOIN repository ON repository.name = batch.value ->> 'name') AS batch
            WHERE registry_index_text.id = batch.id AND registry_index_text.name = batch.name
            """,

        AddStarts = """
            INSERT INTO registry_index_start (text, unofficial, name_length, name, id, also_before)
            SELECT value ->> 'text', value ->> 'unofficial', value ->> 'name_length', value ->> 'name', value ->> 'id', value ->> 'also_before' FROM json_each({0})
            WHERE true
            ON CONFLICT DO NOTHING
            """,

        RemoveStarts = """
            DELETE FROM registry_index_start WHERE (text, unofficial, name_length, name, id) IN (
                SELECT value ->> 'text', value ->> 'unofficial', value ->> 'name_length', value ->> 'name', value ->> 'id' FROM json_each({0}))
            """,

        PutFacts = """
            INSERT INTO registry_index_facts (id, name, push, facts)
            SELECT repository.id, repository.name, batch.value ->> 'push', batch.value ->> 'facts'
            FROM json_each({0}) AS batch JOIN repository ON repository.name = batch.value ->> 'name'
            WHERE true
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, push = excluded.push, facts = excluded.facts
            """,

        Memory = new()
        {
            Note = """
                INSERT INTO registry_index_change (token, id)
                SELECT {1}, repository.id FROM json_each({0}) AS batch JOIN repository ON repository.name = batch.value
                """,

            ReadFolded = $"SELECT {MemoryStatements.Folded} FROM {Ids} JOIN registry_index_text AS search ON search.id = ids.value",

            ReadPage = $"""
                SELECT {MemoryStatements.Page}
                FROM (SELECT number, token FROM registry_index_change ORDER BY number DESC LIMIT 1) AS log
                LEFT JOIN (SELECT repository.id, name, description, {Statements.FactsOfRepository} AS facts FROM {Ids} JOIN repository ON repository.id = ids.value) AS page ON true
                """,
        },
    };

    private const string Facts = """
        CREATE TABLE registry_index_facts (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, push TEXT NOT NULL, facts TEXT);
        CREATE INDEX registry_index_facts_push ON registry_index_facts (push, name);
        """;

    // An import takes a fifth less time if the trigram index is merged from 16 parts and not from 4 (https://sqlite.org/fts5.html#the_automerge_configuration_option).
    private const string MergeSeldom = "INSERT INTO registry_index_trigram (registry_index_trigram, rank) VALUES ('automerge', 16);";

    private const string Log = """
        CREATE TABLE registry_index_change (number INTEGER NOT NULL PRIMARY KEY, token TEXT NOT NULL, id INTEGER);
        INSERT INTO registry_index_change (token) VALUES (hex(randomblob(16)));
        """;

    public const string ReadEncoding = """SELECT encoding AS "Value" FROM pragma_encoding""";

    // The tables that SQLAlchemy's create_all made, so that its reader finds its own tables.
    public const string LegacyTables = """
        CREATE TABLE IF NOT EXISTS version (id INTEGER NOT NULL, PRIMARY KEY (id));
        CREATE TABLE IF NOT EXISTS repository (
            id INTEGER NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));
        INSERT INTO version (id) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM version);
        """;

    private const string State = """
        CREATE TABLE registry_index_state (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        INSERT INTO registry_index_state (name, value) VALUES ('schema', '1');
        """;

    // Tables are dropped first, so that the following statements can reuse their space.
    private const string DropFormer = """
        DROP TABLE registry_index_trigram;
        DROP TABLE registry_index_search;
        """;

    // Sorted by bytes if the file's encoding is UTF-8. With another encoding the table stays empty.
    private const string Starts = """
        CREATE TABLE registry_index_start (
            text TEXT NOT NULL, unofficial INTEGER NOT NULL, name_length INTEGER NOT NULL, name TEXT NOT NULL, id INTEGER NOT NULL, also_before INTEGER NOT NULL,
            PRIMARY KEY (text, unofficial, name_length, name, id)) WITHOUT ROWID;
        """;

    // The trigram index stores no text of its own: it reads the table, and triggers keep it up to date.
    private static string Texts(string table) => $"""
        CREATE TABLE {table} (
            id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, folded_name TEXT NOT NULL, folded_description TEXT NOT NULL);
        CREATE VIRTUAL TABLE registry_index_trigram USING fts5(
            folded_name, folded_description, content = '{table}', content_rowid = 'id', tokenize = 'trigram case_sensitive 1');
        CREATE TRIGGER {table}_added AFTER INSERT ON {table} BEGIN
            INSERT INTO registry_index_trigram (rowid, folded_name, folded_description) VALUES (new.id, new.folded_name, new.folded_description);
        END;
        CREATE TRIGGER {table}_removed AFTER DELETE ON {table} BEGIN
            INSERT INTO registry_index_trigram (registry_index_trigram, rowid, folded_name, folded_description)
            VALUES ('delete', old.id, old.folded_name, old.folded_description);
        END;
        CREATE TRIGGER {table}_changed AFTER UPDATE ON {table} BEGIN
            INSERT INTO registry_index_trigram (registry_index_trigram, rowid, folded_name, folded_description)
            VALUES ('delete', old.id, old.folded_name, old.folded_description);
            INSERT INTO registry_index_trigram (rowid, folded_name, folded_description) VALUES (new.id, new.folded_name, new.folded_description);
        END;
        """;
}
