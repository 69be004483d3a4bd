using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.PostgreSql;
using RegistryIndex.EfCore.Sqlite;
using RegistryIndex.EfCore.SqlServer;

namespace RegistryIndex.EfCore.Tests;

/// <summary>All engines, as in a program that references all of their packages.</summary>
internal static class EveryEngine
{
    public static IReadOnlyCollection<IDatabaseEngine> All { get; } = [new SqliteEngine(), new PostgreSqlEngine(), new SqlServerEngine()];

    /// <summary>Options with all engines.</summary>
    public static EfCoreIndexOptions WithEngines(this EfCoreIndexOptions options) => options.UseSqlite().UsePostgreSql().UseSqlServer();
}
