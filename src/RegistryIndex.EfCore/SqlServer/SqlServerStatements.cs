using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.SqlServer;

/// <summary>
/// Parameters come as UTF-16, and a comparison with one would make UTF-16 of the column, of every row; so each is made
/// UTF-8 of the columns' collation first.
/// </summary>
internal static class SqlServerStatements
{
    public const string Collation = "Latin1_General_100_BIN2_UTF8";

    // 255 characters of the grammar, or 95 of a predecessor's code page; 350 code points.
    private const string NameType = "VARCHAR(400)";
    private const string TextType = "VARCHAR(1400)";

    private const string Batch = $"""
        (SELECT CAST(name COLLATE {Collation} AS {NameType}) AS name, CAST(description COLLATE {Collation} AS {TextType}) AS description,
            CAST(folded_name COLLATE {Collation} AS {NameType}) AS folded_name, CAST(folded_description COLLATE {Collation} AS {TextType}) AS folded_description
        FROM OPENJSON(@batch) WITH (
            name NVARCHAR(400) '$.name', description NVARCHAR(1400) '$.description',
            folded_name NVARCHAR(400) '$.folded_name', folded_description NVARCHAR(1400) '$.folded_description')) AS batch
        """;

    private static string OfBatch => Batch.Replace("@batch", "{0}", StringComparison.Ordinal);

    public static Statements All { get; } = new()
    {
        ReadColumns = """SELECT CAST(name AS NVARCHAR(128)) AS "Value" FROM sys.columns WHERE object_id = OBJECT_ID({0})""",

        FindRepositories = $$"""
            SELECT repository.id, repository.name, repository.description
            FROM repository JOIN (SELECT {{Utf8("name", NameType)}} AS name FROM OPENJSON({0}) WITH (name NVARCHAR(400) '$')) AS batch ON repository.name = batch.name COLLATE {{Collation}}
            """,

        // A predecessor that is still at work takes no lock of ours, and may add the same row at the same time.
        AddRepositories = $"""
            MERGE repository WITH (HOLDLOCK) USING {OfBatch} ON repository.name = batch.name
            WHEN MATCHED THEN UPDATE SET description = batch.description
            WHEN NOT MATCHED THEN INSERT (name, description) VALUES (batch.name, batch.description);
            """,

        ChangeRepositories = $"UPDATE repository SET description = batch.description FROM repository JOIN {OfBatch} ON repository.name = batch.name",

        Fold = $"""
            MERGE registry_index_search WITH (HOLDLOCK) AS search
            USING (SELECT repository.id, repository.name, batch.folded_name, batch.folded_description FROM repository JOIN {OfBatch} ON repository.name = batch.name) AS folded
            ON search.id = folded.id
            WHEN MATCHED THEN UPDATE SET name = folded.name, folded_name = folded.folded_name, folded_description = folded.folded_description
            WHEN NOT MATCHED THEN INSERT (id, name, folded_name, folded_description) VALUES (folded.id, folded.name, folded.folded_name, folded.folded_description);
            """,

        Unfold = $"DELETE FROM registry_index_search WHERE id IN (SELECT id FROM repository WHERE name = {Utf8("{0}", NameType)})",

        Remove = $"DELETE FROM repository WHERE name = {Utf8("{0}", NameType)}",
    };

    public const string HasCollation = $"""SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM fn_helpcollations() WHERE name = '{Collation}') THEN 1 ELSE 0 END AS BIT) AS "Value" """;

    public const string HasSnapshots = """SELECT CAST(CASE WHEN snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS BIT) AS "Value" FROM sys.databases WHERE database_id = DB_ID()""";

    public static string TakeWriteLock { get; } = TakeLock("Exclusive");

    public static string TakeReadLock { get; } = TakeLock("Shared");

    // What SQLAlchemy's create_all makes, but with columns as the contract needs them.
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

    // SQLAlchemy's columns are narrower than the contract's names and descriptions, of the database's code page, and mostly take App and app for one.
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

    // There is no trigram index to be had; the second index is a third as wide as the table, and all that a search of names reads.
    public const string OurTables = $"""
        CREATE TABLE registry_index_state (
            name VARCHAR(60) COLLATE {Collation} NOT NULL PRIMARY KEY, value NVARCHAR(MAX) NOT NULL);
        CREATE TABLE registry_index_search (
            id INT NOT NULL PRIMARY KEY, name {NameType} COLLATE {Collation} NOT NULL,
            folded_name {NameType} COLLATE {Collation} NOT NULL, folded_description {TextType} COLLATE {Collation} NOT NULL);
        CREATE INDEX registry_index_search_name ON registry_index_search (folded_name) INCLUDE (name);
        """;

    public const string SetVersion = "INSERT INTO registry_index_state (name, value) VALUES ('schema', N'1')";

    /// <summary>A text of UTF-16 as the columns have it.</summary>
    public static string Utf8(string text, string type = TextType) => $"CAST({text} COLLATE {Collation} AS {type}) COLLATE {Collation}";

    private static string TakeLock(string mode) => $"""
        DECLARE @result INT;
        EXEC @result = sp_getapplock @Resource = N'registry_index', @LockMode = N'{mode}', @LockOwner = N'Transaction', @LockTimeout = 300000;
        IF @result < 0
            THROW 51222, N'The lock registry_index was not free in time.', 1;
        """;
}
