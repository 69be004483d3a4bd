using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Files;
using RegistryIndex.EfCore.Model;
using RegistryIndex.EfCore.PostgreSql;
using RegistryIndex.EfCore.Sqlite;
using RegistryIndex.EfCore.SqlServer;

namespace RegistryIndex.EfCore.Sql;

/// <summary>The database that the options ask for.</summary>
internal static partial class Databases
{
    public static IndexDatabase Open(EfCoreIndexOptions options, ILogger logger)
    {
        var builder = new DbContextOptionsBuilder<IndexDbContext>();
        var isDefault = options.UseDatabase is null && IsDefault(options.Database, logger);
        if (options.UseDatabase is null)
            Use(builder, UrlOf(options));
        else
            options.UseDatabase(builder);
        var provider = builder.Options.Extensions.FirstOrDefault(extension => extension.Info.IsDatabaseProvider) as RelationalOptionsExtension
            ?? throw Mistake("configures no relational database: call UseNpgsql, UseSqlServer or UseSqlite in it");
        if (provider.ExecutionStrategyFactory is not null)
            throw Mistake("sets an execution strategy: leave EnableRetryOnFailure out, the index tries again by itself");
        return provider.GetType().Assembly.GetName().Name switch
        {
            "Microsoft.EntityFrameworkCore.Sqlite" => SqliteDatabase.Create(builder, ConnectionStringOf(provider), isDefault, logger),
            "Npgsql.EntityFrameworkCore.PostgreSQL" => new PostgreSqlDatabase(builder, logger),
            "Microsoft.EntityFrameworkCore.SqlServer" => new SqlServerDatabase(builder, logger),
            var other => throw Mistake($"uses {other}, for whose database there are no statements: there are some for SQLite, PostgreSQL and SQL Server"),
        };
    }

    /// <summary>The database that is named, or the default.</summary>
    public static DatabaseUrl UrlOf(EfCoreIndexOptions options) =>
        DatabaseUrl.Parse(options.Database ?? EfCoreIndexOptions.FindDefaultDatabase() ?? throw new InvalidOperationException($"{nameof(EfCoreIndexOptions)}.{nameof(EfCoreIndexOptions.Database)} is not set."));

    // Whoever names the place that is the default anyway means the same.
    private static bool IsDefault(string? database, ILogger logger)
    {
        var standard = DefaultDatabase.Find();
        if (database is not null && database != standard.Url)
            return false;
        if (standard.Old is { } old)
            LogOld(logger, old, standard.Place ?? "a directory of this user's");
        if (standard.Ignored is { } problem)
            LogIgnored(logger, DefaultDatabase.OldFile, problem, standard.File);
        return true;
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The index is still {File}, in a directory that every user shares and that systems empty: stop the programs that use it and move it to {Place}, or name another database in sqlalchemy_index_database")]
    private static partial void LogOld(ILogger logger, string file, string place);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}, where earlier versions had the index, is ignored: {Problem}. The index is {Place}")]
    private static partial void LogIgnored(ILogger logger, string file, string problem, string? place);
}
