using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RegistryIndex;
using RegistryIndex.EfCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds an index in a relational database to a container, by its type.</summary>
public static class EfCoreRegistryIndexServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="IRegistryIndex"/> in a relational database.</summary>
    /// <param name="services">The container.</param>
    /// <param name="configure">Sets the options; calls <c>UseSqlite</c>, <c>UsePostgreSql</c> or <c>UseSqlServer</c>. The options are checked when the host starts.</param>
    /// <exception cref="InvalidOperationException">The container has an index without a key already.</exception>
    public static IServiceCollection AddEfCoreRegistryIndex(this IServiceCollection services, Action<EfCoreIndexOptions> configure) => services.Add(key: null, configure);

    /// <summary>Adds an index in a relational database as the keyed service <see cref="IRegistryIndex"/>.</summary>
    /// <param name="services">The container.</param>
    /// <param name="key">The key, which is also the name of its options.</param>
    /// <param name="configure">Sets the options; calls <c>UseSqlite</c>, <c>UsePostgreSql</c> or <c>UseSqlServer</c>. The options are checked when the host starts.</param>
    /// <exception cref="InvalidOperationException">The container has an index with that key already.</exception>
    public static IServiceCollection AddKeyedEfCoreRegistryIndex(this IServiceCollection services, string key, Action<EfCoreIndexOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return services.Add(key, configure);
    }

    /// <summary>Adds all services except the index that the application resolves.</summary>
    internal static IServiceCollection AddServicesOf(this IServiceCollection services, string? key, Action<EfCoreIndexOptions> configure)
    {
        var name = key ?? Options.Options.DefaultName;
        services.AddOptions<EfCoreIndexOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EfCoreIndexOptions>, EfCoreIndexOptionsValidator>());
        services.AddSingletonOf(key, provider => new EfCoreRegistryIndex(
            Options.Options.Create(provider.GetRequiredService<IOptionsMonitor<EfCoreIndexOptions>>().Get(name)),
            provider.GetService<ILogger<EfCoreRegistryIndex>>() ?? NullLogger<EfCoreRegistryIndex>.Instance));
        services.AddSingletonOf<IRegistryIndexSource>(key, provider => IndexOf(provider, key));
        services.AddSingletonOf<IImportPreference>(key, _ => new EfCoreImportPreference());
        return services.AddSingletonOf<ISearchCapacity>(key, provider => IndexOf(provider, key));
    }

    internal static EfCoreRegistryIndex IndexOf(IServiceProvider provider, string? key) =>
        key is null ? provider.GetRequiredService<EfCoreRegistryIndex>() : provider.GetRequiredKeyedService<EfCoreRegistryIndex>(key);

    internal static IServiceCollection Add(this IServiceCollection services, string? key, Action<EfCoreIndexOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddRegistryIndex(key, provider => IndexOf(provider, key)).AddServicesOf(key, configure);
    }
}
