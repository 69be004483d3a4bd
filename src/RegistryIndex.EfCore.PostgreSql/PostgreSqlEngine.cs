using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using RegistryIndex.EfCore.Engines;

[assembly: DatabaseEngine(typeof(RegistryIndex.EfCore.PostgreSql.PostgreSqlEngine))]

namespace RegistryIndex.EfCore.PostgreSql;

/// <summary>PostgreSQL, by Npgsql.</summary>
internal sealed class PostgreSqlEngine : IDatabaseEngine
{
    public string Name => "PostgreSQL";

    public string Driver => "Npgsql";

    public IReadOnlyList<string> Dialects { get; } = ["postgresql", "postgres"];

    public string EntityFrameworkProvider => "Npgsql.EntityFrameworkCore.PostgreSQL";

    public string ToConnectionString(SqlAlchemyUrl url) => PostgreSqlUrl.ToConnectionString(url, this);

    public string ToConnectionString(string connectionString) => PostgreSqlUrl.Check(connectionString);

    public DbConnectionStringBuilder NewConnectionString() => new NpgsqlConnectionStringBuilder();

    public void Configure(DbContextOptionsBuilder options, string connectionString) => options.UseNpgsql(connectionString);

    public IndexDatabase Create(DbContextOptionsBuilder<IndexDbContext> options, ILogger logger) => new PostgreSqlDatabase(options, logger);
}
