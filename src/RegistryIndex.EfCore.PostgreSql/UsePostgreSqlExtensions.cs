using RegistryIndex.EfCore.PostgreSql;

namespace RegistryIndex.EfCore;

/// <summary>Puts the index into PostgreSQL.</summary>
public static class UsePostgreSqlExtensions
{
    /// <summary>Puts the index into a database of a PostgreSQL server.</summary>
    /// <param name="options">The options of the index.</param>
    /// <param name="database">
    /// Becomes <see cref="EfCoreIndexOptions.Database"/>: <c>postgresql://user:password@host/database</c>, or a connection string of Npgsql.
    /// Null leaves that as it is, such as where <see cref="EfCoreIndexOptions.UseDatabase"/> opens the database.
    /// </param>
    /// <returns>The same options.</returns>
    public static EfCoreIndexOptions UsePostgreSql(this EfCoreIndexOptions options, string? database = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Database = database ?? options.Database;
        return options.Use(new PostgreSqlEngine());
    }
}
