using RegistryIndex.EfCore.PostgreSql;

namespace RegistryIndex.EfCore;

/// <summary>Configures an index in PostgreSQL.</summary>
public static class UsePostgreSqlExtensions
{
    /// <summary>Uses a database of a PostgreSQL server for the index.</summary>
    /// <param name="options">The options of the index.</param>
    /// <param name="database">
    /// The value of <see cref="EfCoreIndexOptions.Database"/>: <c>postgresql://user:password@host/database</c>, or a connection string of Npgsql.
    /// Null leaves that option unchanged, for example if <see cref="EfCoreIndexOptions.UseDatabase"/> opens the database.
    /// </param>
    /// <returns>The same options.</returns>
    public static EfCoreIndexOptions UsePostgreSql(this EfCoreIndexOptions options, string? database = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Database = database ?? options.Database;
        return options.Use(new PostgreSqlEngine());
    }
}
