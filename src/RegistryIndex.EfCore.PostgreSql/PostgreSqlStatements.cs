using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.PostgreSql;

internal static class PostgreSqlStatements
{
    private const string Batch = "jsonb_to_recordset(CAST({0} AS jsonb)) AS batch (id integer, name text, description text, folded_name text, folded_description text)";

    private const string StartBatch =
        "jsonb_to_recordset(CAST({0} AS jsonb)) AS batch (id integer, name text, text text, unofficial smallint, name_length smallint, also_before smallint)";

    private const string Ids = "jsonb_array_elements_text(CAST({0} AS jsonb)) AS ids (id)";

    public static Statements All { get; } = new()
    {
        Steps = [new(FirstTables), new(Starts + Log, DropFormer), new(Facts)],

        // The table is looked up where a plain name resolves: along the search_path.
        ReadColumns = """
            SELECT CAST(attname AS text) AS "Value" FROM pg_attribute
            WHERE attrelid = to_regclass({0}) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
            """,

        FindRepositories = $$"""
            SELECT {{Statements.FoundColumns}}
            FROM repository WHERE name IN (SELECT jsonb_array_elements_text(CAST({0} AS jsonb)))
            """,

        // A predecessor that still runs does not take our lock, and may add the same row at the same time.
        AddRepositories = $"""
            INSERT INTO repository (name, description) SELECT name, description FROM {Batch}
            ON CONFLICT (name) DO UPDATE SET description = excluded.description
            RETURNING id, name, description
            """,

        ChangeRepositories = $"""
            UPDATE repository SET description = batch.description FROM {Batch} WHERE repository.name = batch.name
            """,

        Fold = $"""
            INSERT INTO registry_index_text (id, name, folded_name, folded_description)
            SELECT id, name, folded_name, folded_description FROM {Batch}
            ON CONFLICT (id) DO UPDATE SET folded_name = excluded.folded_name, folded_description = excluded.folded_description
                WHERE registry_index_text.name = excluded.name
            """,

        FoldDescriptions = $"""
            UPDATE registry_index_text AS search SET folded_description = batch.folded_description
            FROM {Batch} JOIN repository ON repository.name = batch.name
            WHERE search.id = repository.id AND search.name = repository.name
            """,

        AddStarts = $"""
            INSERT INTO registry_index_start (id, unofficial, name_length, also_before, text, name)
            SELECT id, unofficial, name_length, also_before, text, name FROM {StartBatch}
            ON CONFLICT DO NOTHING
            """,

        RemoveStarts = $"""
            DELETE FROM registry_index_start AS start USING {StartBatch}
            WHERE start.text = batch.text AND start.unofficial = batch.unofficial AND start.name_length = batch.name_length
                AND start.name = batch.name AND start.id = batch.id
            """,

        PutFacts = """
            INSERT INTO registry_index_facts (id, name, push, facts)
            SELECT repository.id, repository.name, batch.push, batch.facts
            FROM jsonb_to_recordset(CAST({0} AS jsonb)) AS batch (name text, push text, facts text) JOIN repository ON repository.name = batch.name
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, push = excluded.push, facts = excluded.facts
            """,

        Memory = new()
        {
            Note = """
                INSERT INTO registry_index_change (token, id)
                SELECT {1}, id FROM repository WHERE name IN (SELECT jsonb_array_elements_text(CAST({0} AS jsonb)))
                """,

            ReadFolded = $"SELECT {MemoryStatements.Folded} FROM {Ids} JOIN registry_index_text AS search ON search.id = CAST(ids.id AS integer)",

            ReadPage = $"""
                SELECT {MemoryStatements.Page}
                FROM (SELECT number, token FROM registry_index_change ORDER BY number DESC LIMIT 1) AS log
                LEFT JOIN (SELECT repository.id, name, description, {Statements.FactsOfRepository} AS facts FROM {Ids} JOIN repository ON repository.id = CAST(ids.id AS integer)) AS page ON true
                """,
        },
    };

    private const string Facts = """
        CREATE TABLE registry_index_facts (
            id INTEGER NOT NULL PRIMARY KEY, name TEXT COLLATE "C" NOT NULL, push TEXT COLLATE "C" NOT NULL, facts TEXT);
        CREATE INDEX registry_index_facts_push ON registry_index_facts (push, name);
        """;

    private const string Log = """
        CREATE TABLE registry_index_change (number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY, token TEXT NOT NULL, id INTEGER);
        INSERT INTO registry_index_change (token) VALUES (md5(CAST(random() AS text) || CAST(clock_timestamp() AS text)));
        """;

    public const string ReadEncoding = """SELECT current_setting('server_encoding') AS "Value" """;

    // The tables that SQLAlchemy's create_all makes, but with columns as the contract requires them.
    public const string LegacyTables = """
        CREATE TABLE IF NOT EXISTS version (id SERIAL NOT NULL, PRIMARY KEY (id));
        CREATE TABLE IF NOT EXISTS repository (
            id SERIAL NOT NULL, name TEXT COLLATE "C" NOT NULL, description TEXT, PRIMARY KEY (id), UNIQUE (name));
        INSERT INTO version (id) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM version);
        """;

    /// <summary>Whether the predecessor's columns still have SQLAlchemy's types.</summary>
    public const string IsNarrow = """
        SELECT EXISTS (
            SELECT 1 FROM pg_attribute LEFT JOIN pg_collation ON pg_collation.oid = attcollation
            WHERE attrelid = to_regclass('repository') AND NOT attisdropped
                AND (attname IN ('name', 'description') AND atttypid <> CAST('text' AS regtype) OR attname = 'name' AND collname <> 'C')) AS "Value"
        """;

    public const string Widen = """ALTER TABLE repository ALTER COLUMN name TYPE TEXT COLLATE "C", ALTER COLUMN description TYPE TEXT""";

    private const string FirstTables = """
        CREATE TABLE registry_index_state (name TEXT COLLATE "C" NOT NULL PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE registry_index_search (
            id INTEGER NOT NULL PRIMARY KEY, name TEXT COLLATE "C" NOT NULL,
            folded_name TEXT COLLATE "C" NOT NULL, folded_description TEXT COLLATE "C" NOT NULL);
        INSERT INTO registry_index_state (name, value) VALUES ('schema', '1');
        """;

    // Programs of an earlier version continue to read their table and its indexes until the upgrade commits.
    private const string Starts = """
        CREATE TABLE registry_index_text (
            id INTEGER NOT NULL PRIMARY KEY, name TEXT COLLATE "C" NOT NULL,
            folded_name TEXT COLLATE "C" NOT NULL, folded_description TEXT COLLATE "C" NOT NULL);
        CREATE TABLE registry_index_start (
            id INTEGER NOT NULL, unofficial SMALLINT NOT NULL, name_length SMALLINT NOT NULL, also_before SMALLINT NOT NULL,
            text TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL,
            PRIMARY KEY (text, unofficial, name_length, name, id));
        """;

    private const string DropFormer = "DROP TABLE registry_index_search";

    /// <summary>The schema that contains the extension pg_trgm; null if the extension can be created, and no row if it is unavailable.</summary>
    public const string FindTrigrams = """
        SELECT CAST(nspname AS text) AS "Value"
        FROM pg_available_extensions
        LEFT JOIN pg_extension ON extname = name LEFT JOIN pg_namespace ON pg_namespace.oid = extnamespace
        WHERE name = 'pg_trgm'
        """;

    public const string CreateTrigrams = "CREATE EXTENSION IF NOT EXISTS pg_trgm";

    public const string HasTrigramIndexes = """
        SELECT to_regclass('registry_index_trigram_name') IS NOT NULL AND to_regclass('registry_index_trigram_description') IS NOT NULL AS "Value"
        """;

    // New entries wait in a pending list, which makes an import several times as fast. Every search reads the whole list, so it is short.
    public static string CreateTrigramIndexes(string schema) => $"""
        CREATE INDEX IF NOT EXISTS registry_index_trigram_name ON registry_index_text USING gin (folded_name {Quoted(schema)}.gin_trgm_ops) WITH (gin_pending_list_limit = 256);
        CREATE INDEX IF NOT EXISTS registry_index_trigram_description ON registry_index_text USING gin (folded_description {Quoted(schema)}.gin_trgm_ops) WITH (gin_pending_list_limit = 256);
        """;

    private static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal).Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)}\"";
}
