using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RegistryIndex.EfCore.PostgreSql;
using RegistryIndex.EfCore.Sqlite;
using RegistryIndex.EfCore.SqlServer;

[assembly: RegistryIndex.RegistryIndexBackend(typeof(RegistryIndex.EfCore.EfCoreBackend), RegistryIndex.EfCore.EfCoreBackend.Name, "sqlalchemy")]

namespace RegistryIndex.EfCore;

/// <summary>The backend <c>efcore</c>, by the predecessor's name <c>sqlalchemy</c>.</summary>
internal sealed class EfCoreBackend : IScratchBackend
{
    public const string Name = "efcore";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EfCoreIndexOptions>().Bind(configuration).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EfCoreIndexOptions>, EfCoreIndexOptionsValidator>();
        services.AddSingleton<EfCoreRegistryIndex>();
        services.AddSingleton<IRegistryIndex>(provider => provider.GetRequiredService<EfCoreRegistryIndex>());
        services.AddSingleton<IRegistryIndexSource>(provider => provider.GetRequiredService<EfCoreRegistryIndex>());
    }

    public Task<ScratchPlace> CreateScratchAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<IOptions<EfCoreIndexOptions>>().Value;
        if (options.UseDatabase is not null)
            throw new RegistryIndexException(Name, "create scratch", "the database is configured by code, which no setting can replace; name it in sqlalchemy_index_database.", mayRetry: false);
        var url = DatabaseUrl.Parse(options.Database);
        return url.Kind switch
        {
            DatabaseKind.PostgreSql => PostgreSqlScratch.CreateAsync(url.ConnectionString, name, cancellationToken),
            DatabaseKind.SqlServer => SqlServerScratch.CreateAsync(url.ConnectionString, name, cancellationToken),
            _ => Task.FromResult(SqliteScratch.Create(url.ConnectionString, name)),
        };
    }
}
