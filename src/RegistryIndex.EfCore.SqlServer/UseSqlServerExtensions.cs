using RegistryIndex.EfCore.SqlServer;

namespace RegistryIndex.EfCore;

/// <summary>Configures an index in SQL Server.</summary>
public static class UseSqlServerExtensions
{
    /// <summary>Uses a database of a SQL Server instance for the index.</summary>
    /// <param name="options">The options of the index.</param>
    /// <param name="database">
    /// The value of <see cref="EfCoreIndexOptions.Database"/>: <c>mssql+pyodbc://user:password@host/database</c>, or a connection string of
    /// SqlClient. Null leaves that option unchanged, for example if <see cref="EfCoreIndexOptions.UseDatabase"/> opens the database.
    /// </param>
    /// <returns>The same options.</returns>
    public static EfCoreIndexOptions UseSqlServer(this EfCoreIndexOptions options, string? database = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Database = database ?? options.Database;
        return options.Use(new SqlServerEngine());
    }
}
