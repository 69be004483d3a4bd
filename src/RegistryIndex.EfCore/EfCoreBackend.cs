using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Sql;

[assembly: RegistryIndex.RegistryIndexBackend(typeof(RegistryIndex.EfCore.EfCoreBackend), RegistryIndex.EfCore.EfCoreIndexOptions.ProviderName, "sqlalchemy")]

namespace RegistryIndex.EfCore;

/// <summary>The backend <c>efcore</c>, by the predecessor's name <c>sqlalchemy</c>.</summary>
internal sealed class EfCoreBackend : IScratchBackend
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddServicesOf(key: null, options => Read(options, configuration));
        services.AddSingleton<IRegistryIndex>(provider => provider.GetRequiredService<EfCoreRegistryIndex>());
    }

    public void AddKeyedServices(IServiceCollection services, string key, IConfiguration configuration) => services.Add(key, options => Read(options, configuration));

    public async Task<ScratchPlace> CreateScratchAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<IOptions<EfCoreIndexOptions>>().Value;
        if (options.UseDatabase is not null)
            throw new RegistryIndexException(EfCoreIndexOptions.ProviderName, "create scratch", $"of a database that {nameof(EfCoreIndexOptions.UseDatabase)} opens nobody knows how to open another; name it by sqlalchemy_index_database.", mayRetry: false);
        var url = Databases.UrlOf(options);
        var configured = Databases.Open(options, NullLogger.Instance);
        try
        {
            return await configured.CreateScratchAsync(url.ConnectionString, name, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await configured.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static void Read(EfCoreIndexOptions options, IConfiguration configuration)
    {
        foreach (var announced in ApplicationAssemblies.ThatReference(typeof(IDatabaseEngine).Assembly).SelectMany(assembly => assembly.GetCustomAttributes<DatabaseEngineAttribute>()))
            options.Use((IDatabaseEngine)Activator.CreateInstance(announced.Engine)!);
        configuration.Bind(options);
    }
}
