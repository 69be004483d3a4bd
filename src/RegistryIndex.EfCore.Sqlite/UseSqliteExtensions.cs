using RegistryIndex.EfCore.Sqlite;

namespace RegistryIndex.EfCore;

/// <summary>Configures an index in SQLite.</summary>
public static class UseSqliteExtensions
{
    /// <summary>Uses a SQLite file, or a database in memory, for the index.</summary>
    /// <param name="options">The options of the index.</param>
    /// <param name="database">
    /// The value of <see cref="EfCoreIndexOptions.Database"/>: <c>sqlite:///relative.db</c>, <c>sqlite:////absolute.db</c>, <c>sqlite://</c> for
    /// memory, or <c>Data Source=index.db</c>. Null leaves that option unchanged. If that option is null, too, the database is a file in this
    /// user's state directory (<see cref="DefaultSqliteFile"/>).
    /// </param>
    /// <returns>The same options.</returns>
    public static EfCoreIndexOptions UseSqlite(this EfCoreIndexOptions options, string? database = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Database = database ?? options.Database;
        return options.Use(new SqliteEngine());
    }
}
