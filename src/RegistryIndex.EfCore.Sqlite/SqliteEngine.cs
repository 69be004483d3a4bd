using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Sqlite.Files;

[assembly: DatabaseEngine(typeof(RegistryIndex.EfCore.Sqlite.SqliteEngine))]

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>SQLite, with EF Core's own provider.</summary>
internal sealed partial class SqliteEngine : IDatabaseEngine
{
    public string Name => "SQLite";

    public string Driver => "its driver";

    public IReadOnlyList<string> Dialects { get; } = ["sqlite"];

    public string EntityFrameworkProvider => "Microsoft.EntityFrameworkCore.Sqlite";

    public string? FindDefaultUrl() => DefaultDatabase.Find().Url;

    public string ToConnectionString(SqlAlchemyUrl url) => SqliteUrl.ToConnectionString(url);

    public string ToConnectionString(string connectionString) => SqliteUrl.Check(connectionString);

    public DbConnectionStringBuilder NewConnectionString() => new SqliteConnectionStringBuilder();

    public void Configure(DbContextOptionsBuilder options, string connectionString) => options.UseSqlite(connectionString);

    public IndexDatabase Create(DbContextOptionsBuilder<IndexDbContext> options, ILogger logger)
    {
        var connectionString = options.Options.Extensions.OfType<RelationalOptionsExtension>().First().ConnectionString
            ?? throw new InvalidOperationException($"{nameof(EfCoreIndexOptions)}.{nameof(EfCoreIndexOptions.UseDatabase)} gives SQLite a connection: give it a connection string.");
        return SqliteDatabase.Create(options, connectionString, IsDefault(connectionString, logger), logger);
    }

    // The default file is the default database even if its path is given explicitly.
    private static bool IsDefault(string connectionString, ILogger logger)
    {
        var standard = DefaultDatabase.Find(oldFile: DefaultSqliteFile.OldFile);
        if (standard.File is null || SqliteDatabase.FileOf(connectionString) != standard.File)
            return false;
        if (standard.Old is { } old)
            LogOld(logger, old, standard.Place ?? "a directory of this user");
        if (standard.Ignored is { } problem)
            LogIgnored(logger, DefaultSqliteFile.OldFile, problem, standard.File);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The index is still {File}, in a directory that all users share and that systems clear: stop the programs that use it and move it to {Place}, or name another database in sqlalchemy_index_database")]
    private static partial void LogOld(ILogger logger, string file, string place);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}, where earlier versions had the index, is ignored: {Problem}. The index is {Place}")]
    private static partial void LogIgnored(ILogger logger, string file, string problem, string? place);
}
