using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Opening;

[assembly: RegistryIndex.RegistryIndexProvider(typeof(RegistryIndex.EfCore.EfCoreProvider), RegistryIndex.EfCore.EfCoreIndexOptions.ProviderName, "sqlalchemy")]

namespace RegistryIndex.EfCore;

/// <summary>The provider <c>efcore</c>, which the predecessor called <c>sqlalchemy</c>.</summary>
internal sealed class EfCoreProvider : IScratchProvider
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
            throw new RegistryIndexException(EfCoreIndexOptions.ProviderName, "create scratch", $"no scratch database can be opened beside a database that {nameof(EfCoreIndexOptions.UseDatabase)} opens; name the database in sqlalchemy_index_database.", mayRetry: false);
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

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only registration by string comes here, and it is annotated.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only registration by string comes here, and it is annotated.")]
    private static void Read(EfCoreIndexOptions options, IConfiguration configuration)
    {
        foreach (var announced in ApplicationAssemblies.ThatReference(typeof(IDatabaseEngine).Assembly).SelectMany(assembly => assembly.GetCustomAttributes<DatabaseEngineAttribute>()))
            options.Use((IDatabaseEngine)Activator.CreateInstance(announced.Engine)!);
        configuration.Bind(options);
    }
}
