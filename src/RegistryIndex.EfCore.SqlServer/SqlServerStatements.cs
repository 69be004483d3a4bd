using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.SqlServer;

/// <summary>
/// Parameters arrive as UTF-16. A comparison with such a parameter would convert the column of every row to UTF-16. So each parameter is
/// converted first, to UTF-8 in the collation of the columns.
/// </summary>
internal static class SqlServerStatements
{
    public const string Collation = "Latin1_General_100_BIN2_UTF8";

    // A name has 255 characters of the grammar, or 95 of a predecessor's code page. A description has 350 code points.
    private const string NameType = "VARCHAR(400)";
    private const string TextType = "VARCHAR(1400)";
    private const string PushType = "VARCHAR(15)";
    private const string FactsType = "VARCHAR(3072)";

    private const string Batch = $"""
        (SELECT id, CAST(name COLLATE {Collation} AS {NameType}) AS name, CAST(description COLLATE {Collation} AS {TextType}) AS description,
            CAST(folded_name COLLATE {Collation} AS {NameType}) AS folded_name, CAST(folded_description COLLATE {Collation} AS {TextType}) AS folded_description
        FROM OPENJSON(@batch) WITH (
            id INT '$.id', name NVARCHAR(400) '$.name', description NVARCHAR(1400) '$.description',
            folded_name NVARCHAR(400) '$.folded_name', folded_description NVARCHAR(1400) '$.folded_description')) AS batch
        """;

    private const string StartBatch = $$"""
        (SELECT id, CAST(name COLLATE {{Collation}} AS {{NameType}}) AS name, CAST(text COLLATE {{Collation}} AS {{NameType}}) AS text, unofficial, name_length, also_before
        FROM OPENJSON({0}) WITH (
            id INT '$.id', name NVARCHAR(400) '$.name', text NVARCHAR(400) '$.text',
            unofficial TINYINT '$.unofficial', name_length SMALLINT '$.name_length', also_before SMALLINT '$.also_before')) AS batch
        """;

    private const string IsSameStart =
        "start.text = batch.text AND start.unofficial = batch.unofficial AND start.name_length = batch.name_length AND start.name = batch.name AND start.id = batch.id";

    private static string OfBatch => Batch.Replace("@batch", "{0}", StringComparison.Ordinal);

    public static Statements All { get; } = new()
    {
        Steps = [new(FirstTables), new(Starts, DropFormer), new(Facts)],

        ReadColumns = """SELECT CAST(name AS NVARCHAR(128)) AS "Value" FROM sys.columns WHERE object_id = OBJECT_ID({0})""",

        FindRepositories = $$"""
            SELECT {{Statements.FoundColumns}}
            FROM repository JOIN (SELECT {{Utf8("name", NameType)}} AS name FROM OPENJSON({0}) WITH (name NVARCHAR(400) '$')) AS batch ON repository.name = batch.name COLLATE {{Collation}}
            """,

        // A predecessor that still runs does not take our lock, and may add the same row at the same time.
        AddRepositories = $"""
            MERGE repository WITH (HOLDLOCK) USING {OfBatch} ON repository.name = batch.name
            WHEN MATCHED THEN UPDATE SET description = batch.description
            WHEN NOT MATCHED THEN INSERT (name, description) VALUES (batch.name, batch.description)
            OUTPUT inserted.id, inserted.name, inserted.description;
            """,

        ChangeRepositories = $"UPDATE repository SET description = batch.description FROM repository JOIN {OfBatch} ON repository.name = batch.name",

        Fold = $"""
            MERGE registry_index_text WITH (HOLDLOCK) AS search
            USING {OfBatch} ON search.id = batch.id
            WHEN MATCHED AND search.name = batch.name THEN UPDATE SET folded_name = batch.folded_name, folded_description = batch.folded_description
            WHEN NOT MATCHED THEN INSERT (id, name, folded_name, folded_description) VALUES (batch.id, batch.name, batch.folded_name, batch.folded_description);
            """,

        FoldDescriptions = $"""
            UPDATE search SET folded_description = batch.folded_description
            FROM registry_index_text AS search JOIN repository ON repository.id = search.id AND repository.name = search.name JOIN {OfBatch} ON repository.name = batch.name
            """,

        AddStarts = $"""
            INSERT INTO registry_index_start (text, unofficial, name_length, name, id, also_before)
            SELECT batch.text, batch.unofficial, batch.name_length, batch.name, batch.id, batch.also_before FROM {StartBatch}
            WHERE NOT EXISTS (SELECT 1 FROM registry_index_start AS start WHERE {IsSameStart})
            """,

        RemoveStarts = $"""
            DELETE start FROM registry_index_start AS start
            JOIN {StartBatch} ON {IsSameStart}
            """,

        PutFacts = $$"""
            MERGE registry_index_facts WITH (HOLDLOCK) AS facts
            USING (
                SELECT repository.id, repository.name, {{Utf8("batch.push", PushType)}} AS push, {{Utf8("batch.facts", FactsType)}} AS facts
                FROM OPENJSON({0}) WITH (name NVARCHAR(400) '$.name', push NVARCHAR(15) '$.push', facts NVARCHAR(3072) '$.facts') AS batch
                JOIN repository ON repository.name = {{Utf8("batch.name", NameType)}}) AS batch ON facts.id = batch.id
            WHEN MATCHED THEN UPDATE SET name = batch.name, push = batch.push, facts = batch.facts
            WHEN NOT MATCHED THEN INSERT (id, name, push, facts) VALUES (batch.id, batch.name, batch.push, batch.facts);
            """,

        RemoveFacts = $"DELETE FROM registry_index_facts WHERE id IN (SELECT id FROM repository WHERE name = {Utf8("{0}", NameType)})",

        Unfold = $"DELETE FROM registry_index_text WHERE name = {Utf8("{0}", NameType)} AND id IN (SELECT id FROM repository WHERE name = {Utf8("{0}", NameType)})",

        Remove = $"DELETE FROM repository WHERE name = {Utf8("{0}", NameType)}",
    };

    public const string HasCollation = $"""SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM fn_helpcollations() WHERE name = '{Collation}') THEN 1 ELSE 0 END AS BIT) AS "Value" """;

    public const string HasSnapshots = """SELECT CAST(CASE WHEN snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS BIT) AS "Value" FROM sys.databases WHERE database_id = DB_ID()""";

    public static string TakeWriteLock { get; } = TakeLock("Exclusive");

    public static string TakeReadLock { get; } = TakeLock("Shared");

    // The tables that SQLAlchemy's create_all makes, but with columns as the contract requires them.
    public const string LegacyTables = $"""
        IF OBJECT_ID(N'version') IS NULL
            CREATE TABLE version (id INT NOT NULL IDENTITY(1, 1), PRIMARY KEY (id));
        IF OBJECT_ID(N'repository') IS NULL
            CREATE TABLE repository (
                id INT NOT NULL IDENTITY(1, 1), name {NameType} COLLATE {Collation} NOT NULL, description {TextType} COLLATE {Collation} NULL,
                PRIMARY KEY (id), CONSTRAINT registry_index_repository_name UNIQUE (name));
        IF NOT EXISTS (SELECT 1 FROM version)
            INSERT INTO version DEFAULT VALUES;
        """;

    // SQLAlchemy's columns are narrower than the contract's names and descriptions, use the database's code
    // page, and mostly treat App and app as equal.
    public const string Widen = $"""
        IF EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'repository') AND name IN (N'name', N'description') AND collation_name <> N'{Collation}')
        BEGIN
            DECLARE @drop NVARCHAR(MAX) = N'';
            SELECT @drop = @drop + N'ALTER TABLE repository DROP CONSTRAINT ' + QUOTENAME(kc.name) + N';'
            FROM sys.key_constraints AS kc
            JOIN sys.index_columns AS ic ON ic.object_id = kc.parent_object_id AND ic.index_id = kc.unique_index_id
            JOIN sys.columns AS c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
            WHERE kc.parent_object_id = OBJECT_ID(N'repository') AND kc.type = 'UQ' AND c.name = N'name';
            EXEC sp_executesql @drop;
            ALTER TABLE repository ALTER COLUMN name {NameType} COLLATE {Collation} NOT NULL;
            ALTER TABLE repository ALTER COLUMN description {TextType} COLLATE {Collation} NULL;
            ALTER TABLE repository ADD CONSTRAINT registry_index_repository_name UNIQUE (name);
        END
        """;

    private const string FirstTables = $"""
        CREATE TABLE registry_index_state (
            name VARCHAR(60) COLLATE {Collation} NOT NULL PRIMARY KEY, value NVARCHAR(MAX) NOT NULL);
        CREATE TABLE registry_index_search (
            id INT NOT NULL PRIMARY KEY, name {NameType} COLLATE {Collation} NOT NULL,
            folded_name {NameType} COLLATE {Collation} NOT NULL, folded_description {TextType} COLLATE {Collation} NOT NULL);
        CREATE INDEX registry_index_search_name ON registry_index_search (folded_name) INCLUDE (name);
        INSERT INTO registry_index_state (name, value) VALUES ('schema', N'1');
        """;

    // SQL Server has no trigram index. The second index is a third as wide as the table, and a search of names reads nothing else. A key of
    // starts has two names of 400 bytes and 7 more bytes; a clustered index allows 900 bytes.
    private const string Starts = $"""
        CREATE TABLE registry_index_text (
            id INT NOT NULL PRIMARY KEY, name {NameType} COLLATE {Collation} NOT NULL,
            folded_name {NameType} COLLATE {Collation} NOT NULL, folded_description {TextType} COLLATE {Collation} NOT NULL);
        CREATE INDEX registry_index_text_name ON registry_index_text (folded_name) INCLUDE (name);
        CREATE TABLE registry_index_start (
            text {NameType} COLLATE {Collation} NOT NULL, unofficial TINYINT NOT NULL, name_length SMALLINT NOT NULL,
            name {NameType} COLLATE {Collation} NOT NULL, id INT NOT NULL, also_before SMALLINT NOT NULL,
            PRIMARY KEY (text, unofficial, name_length, name, id));
        """;

    private const string Facts = $"""
        CREATE TABLE registry_index_facts (
            id INT NOT NULL PRIMARY KEY, name {NameType} COLLATE {Collation} NOT NULL, push {PushType} COLLATE {Collation} NOT NULL, facts {FactsType} COLLATE {Collation} NULL);
        CREATE INDEX registry_index_facts_push ON registry_index_facts (push, name);
        """;

    private const string DropFormer = "DROP TABLE registry_index_search";

    /// <summary>Converts UTF-16 text to the type of the columns.</summary>
    public static string Utf8(string text, string type = TextType) => $"CAST({text} COLLATE {Collation} AS {type}) COLLATE {Collation}";

    private static string TakeLock(string mode) => $"""
        DECLARE @result INT;
        EXEC @result = sp_getapplock @Resource = N'registry_index', @LockMode = N'{mode}', @LockOwner = N'Transaction', @LockTimeout = 300000;
        IF @result < 0
            THROW 51222, N'The lock registry_index was not free in time.', 1;
        """;
}
