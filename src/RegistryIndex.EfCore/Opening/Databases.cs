using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Opening;

/// <summary>Finds the database that the options ask for.</summary>
internal static class Databases
{
    public static IndexDatabase Open(EfCoreIndexOptions options, ILogger logger)
    {
        var builder = new DbContextOptionsBuilder<IndexDbContext>();
        if (options.UseDatabase is { } use)
        {
            use(builder);
            return EngineOf(builder, options.Engines).Create(builder, logger);
        }

        var url = UrlOf(options);
        url.Engine.Configure(builder, url.ConnectionString);
        return url.Engine.Create(builder, logger);
    }

    /// <summary>The database that is named, or the default.</summary>
    /// <exception cref="InvalidOperationException">There is no default database.</exception>
    public static DatabaseUrl UrlOf(EfCoreIndexOptions options) => DatabaseUrl.Parse(
        options.Database ?? options.FindDefaultUrl() ?? throw new InvalidOperationException($"{nameof(EfCoreIndexOptions)}.{nameof(EfCoreIndexOptions.Database)} is not set."), options.Engines);

    private static IDatabaseEngine EngineOf(DbContextOptionsBuilder<IndexDbContext> builder, IReadOnlyCollection<IDatabaseEngine> engines)
    {
        var provider = builder.Options.Extensions.FirstOrDefault(extension => extension.Info.IsDatabaseProvider) as RelationalOptionsExtension
            ?? throw Mistake("does not configure a relational database: call UseNpgsql, UseSqlServer or UseSqlite in it");
        if (provider.ExecutionStrategyFactory is not null)
            throw Mistake("sets an execution strategy: remove EnableRetryOnFailure, because the index retries");
        var name = provider.GetType().Assembly.GetName().Name!;
        return engines.FirstOrDefault(engine => engine.EntityFrameworkProvider == name)
            ?? throw Mistake(KnownEngine.All.FirstOrDefault(known => name.Contains(known.Dialects[0], StringComparison.OrdinalIgnoreCase) || name.EndsWith(known.Package[(known.Package.LastIndexOf('.') + 1)..], StringComparison.Ordinal)) is { } missing
                ? missing.IsMissing().Message
                : $"uses {name}, which is not supported: use SQLite, PostgreSQL or SQL Server");
    }

    private static InvalidOperationException Mistake(string problem) =>
        new($"{nameof(EfCoreIndexOptions)}.{nameof(EfCoreIndexOptions.UseDatabase)} {problem}.");
}
