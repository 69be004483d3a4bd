using RegistryIndex.EfCore.Sqlite;

namespace RegistryIndex.EfCore;

/// <summary>Puts the index into SQLite.</summary>
public static class UseSqliteExtensions
{
    /// <summary>Puts the index into a SQLite file, or into memory.</summary>
    /// <param name="options">The options of the index.</param>
    /// <param name="database">
    /// Becomes <see cref="EfCoreIndexOptions.Database"/>: <c>sqlite:///relative.db</c>, <c>sqlite:////absolute.db</c>, <c>sqlite://</c> for memory, or
    /// <c>Data Source=index.db</c>. Null leaves that as it is; where that is null, too, it is a file in this user's state directory
    /// (<see cref="DefaultSqliteFile"/>).
    /// </param>
    /// <returns>The same options.</returns>
    public static EfCoreIndexOptions UseSqlite(this EfCoreIndexOptions options, string? database = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Database = database ?? options.Database;
        return options.Use(new SqliteEngine());
    }
}
