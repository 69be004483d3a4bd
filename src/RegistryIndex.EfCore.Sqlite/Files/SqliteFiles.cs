namespace RegistryIndex.EfCore.Sqlite.Files;

/// <summary>The files of a database in SQLite: its own, and what SQLite puts beside it while it is in use.</summary>
internal static class SqliteFiles
{
    public const string Log = "-wal";
    public const string Memory = "-shm";
    public const string Journal = "-journal";

    /// <summary>All of them, the database first.</summary>
    public static IEnumerable<string> Of(string database) => [database, database + Log, database + Memory, database + Journal];
}
