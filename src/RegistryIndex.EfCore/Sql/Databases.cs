using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Model;
using RegistryIndex.EfCore.PostgreSql;
using RegistryIndex.EfCore.Sqlite;
using RegistryIndex.EfCore.SqlServer;

namespace RegistryIndex.EfCore.Sql;

/// <summary>The database that the options ask for.</summary>
internal static class Databases
{
    public static IndexDatabase Open(EfCoreIndexOptions options, ILogger logger)
    {
        var builder = new DbContextOptionsBuilder<IndexDbContext>();
        if (options.UseDatabase is null)
            Use(builder, DatabaseUrl.Parse(options.Database));
        else
            options.UseDatabase(builder);
        var provider = builder.Options.Extensions.FirstOrDefault(extension => extension.Info.IsDatabaseProvider) as RelationalOptionsExtension
            ?? throw Mistake("configures no relational database: call UseNpgsql, UseSqlServer or UseSqlite in it");
        if (provider.ExecutionStrategyFactory is not null)
            throw Mistake("sets an execution strategy: leave EnableRetryOnFailure out, the index tries again by itself");
        return provider.GetType().Assembly.GetName().Name switch
        {
            "Microsoft.EntityFrameworkCore.Sqlite" => new SqliteDatabase(builder, ConnectionStringOf(provider)),
            "Npgsql.EntityFrameworkCore.PostgreSQL" => new PostgreSqlDatabase(builder, logger),
            "Microsoft.EntityFrameworkCore.SqlServer" => new SqlServerDatabase(builder, logger),
            var other => throw Mistake($"uses {other}, for whose database there are no statements: there are some for SQLite, PostgreSQL and SQL Server"),
        };
    }

    private static void Use(DbContextOptionsBuilder<IndexDbContext> builder, DatabaseUrl url) => _ = url.Kind switch
    {
        DatabaseKind.PostgreSql => builder.UseNpgsql(url.ConnectionString),
        DatabaseKind.SqlServer => builder.UseSqlServer(url.ConnectionString),
        _ => builder.UseSqlite(url.ConnectionString),
    };

    private static string ConnectionStringOf(RelationalOptionsExtension provider) =>
        provider.ConnectionString ?? throw Mistake("gives SQLite a connection: give it a connection string");

    private static InvalidOperationException Mistake(string problem) =>
        new($"{nameof(EfCoreIndexOptions)}.{nameof(EfCoreIndexOptions.UseDatabase)} {problem}.");
}
