using RegistryIndex.EfCore.SqlServer;

namespace RegistryIndex.EfCore;

/// <summary>Puts the index into SQL Server.</summary>
public static class UseSqlServerExtensions
{
    /// <summary>Puts the index into a database of a SQL Server server.</summary>
    /// <param name="options">The options of the index.</param>
    /// <param name="database">
    /// Becomes <see cref="EfCoreIndexOptions.Database"/>: <c>mssql+pyodbc://user:password@host/database</c>, or a connection string of SqlClient.
    /// Null leaves that as it is, such as where <see cref="EfCoreIndexOptions.UseDatabase"/> opens the database.
    /// </param>
    /// <returns>The same options.</returns>
    public static EfCoreIndexOptions UseSqlServer(this EfCoreIndexOptions options, string? database = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Database = database ?? options.Database;
        return options.Use(new SqlServerEngine());
    }
}
