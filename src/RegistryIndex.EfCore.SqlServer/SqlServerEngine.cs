using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Engines;

[assembly: DatabaseEngine(typeof(RegistryIndex.EfCore.SqlServer.SqlServerEngine))]

namespace RegistryIndex.EfCore.SqlServer;

/// <summary>SQL Server, by SqlClient.</summary>
internal sealed class SqlServerEngine : IDatabaseEngine
{
    public string Name => "SQL Server";

    public string Driver => "SqlClient";

    public IReadOnlyList<string> Dialects { get; } = ["mssql"];

    public string EntityFrameworkProvider => "Microsoft.EntityFrameworkCore.SqlServer";

    public string ToConnectionString(SqlAlchemyUrl url) => SqlServerUrl.ToConnectionString(url, this);

    public string ToConnectionString(string connectionString) => SqlServerUrl.Check(connectionString);

    public DbConnectionStringBuilder NewConnectionString() => new SqlConnectionStringBuilder();

    public void Configure(DbContextOptionsBuilder options, string connectionString) => options.UseSqlServer(connectionString);

    public IndexDatabase Create(DbContextOptionsBuilder<IndexDbContext> options, ILogger logger) => new SqlServerDatabase(options, logger);
}
