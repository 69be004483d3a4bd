namespace RegistryIndex.EfCore.Sqlite.Files;

/// <summary>The files of a SQLite database: its own file, and the files that SQLite puts beside it while it is in use.</summary>
internal static class SqliteFiles
{
    public const string Log = "-wal";
    public const string Memory = "-shm";
    public const string Journal = "-journal";

    /// <summary>All files, the database first.</summary>
    public static IEnumerable<string> Of(string database) => [database, database + Log, database + Memory, database + Journal];
}
