using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RegistryIndex;
using RegistryIndex.Diagnostics;
using RegistryIndex.Providers;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the search index of a registry in a container.</summary>
public static class RegistryIndexServiceCollectionExtensions
{
    /// <summary>The configuration key that selects the provider.</summary>
    public const string ProviderKey = "search_backend";

    /// <summary>The provider to use when the configuration does not contain the key.</summary>
    public const string DefaultProvider = "sqlalchemy";

    /// <summary>
    /// Adds the <see cref="IRegistryIndex"/> that <c>search_backend</c> names: a known provider, or a third party's
    /// assembly. If the key is not set, the index is the embedded SQLite. If it is empty, there is no index, and searches find nothing.
    /// </summary>
    /// <remarks>
    /// Call <see cref="IRegistryIndex.InitializeAsync"/> once before using the index, or let
    /// <see cref="RegistryIndexInitializationExtensions.AddRegistryIndexInitialization"/> do it.
    /// </remarks>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The configuration. This call reads the provider's name; the provider reads its settings.</param>
    /// <exception cref="InvalidOperationException">
    /// The name is unknown (the message lists the known names and what was tried), the provider lacks a setting, or the container already has an
    /// index without a key.
    /// </exception>
    [RequiresUnreferencedCode(ApplicationAssemblies.NotTrimmed)]
    public static IServiceCollection AddRegistryIndex(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddRegistryIndex(RegistryIndexProviders.Find(configuration), configuration);
    }

    /// <summary>
    /// Adds the index that a section of the configuration describes as a keyed service <see cref="IRegistryIndex"/>, so that a container can hold
    /// several. <see cref="IRegistryIndexSource"/>, <see cref="ISearchCapacity"/> and the provider's other services have the same key.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="key">The key, which is also the name of the provider's options.</param>
    /// <param name="section">The section of the configuration, with <c>search_backend</c> and the provider's settings.</param>
    /// <exception cref="InvalidOperationException">
    /// See <see cref="AddRegistryIndex(IServiceCollection, IConfiguration)"/>; also, the provider cannot be registered with a key.
    /// </exception>
    [RequiresUnreferencedCode(ApplicationAssemblies.NotTrimmed)]
    public static IServiceCollection AddKeyedRegistryIndex(this IServiceCollection services, string key, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(section);
        Explained(() => RegistryIndexProviders.Find(section).AddKeyedServices(services, key, section));
        return services;
    }

    /// <summary>
    /// Adds an index that a factory returns. The index is measured and traced like every index. The typed registration of a provider
    /// (<c>AddEfCoreRegistryIndex</c>) uses this method.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="key">The key; null for the index without a key.</param>
    /// <param name="factory">
    /// Returns the index. The container does not dispose of the result: the index must be a service of the container itself, or need no disposal.
    /// </param>
    /// <exception cref="InvalidOperationException">The container already has an index with that key, or without a key.</exception>
    public static IServiceCollection AddRegistryIndex(this IServiceCollection services, string? key, Func<IServiceProvider, IRegistryIndex> factory)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(factory);
        services.ThrowIfThere(key);
        return services.AddShared(key).AddSingletonOf<IRegistryIndex>(key, provider => new ObservedRegistryIndex(factory(provider), provider.GetRequiredService<IndexMetrics>()));
    }

    /// <summary>Adds a singleton with a key, or without one if the key is null.</summary>
    /// <param name="services">The container.</param>
    /// <param name="key">The key.</param>
    /// <param name="factory">Creates the service.</param>
    public static IServiceCollection AddSingletonOf<T>(this IServiceCollection services, string? key, Func<IServiceProvider, T> factory)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        return key is null ? services.AddSingleton(factory) : services.AddKeyedSingleton(key, (provider, _) => factory(provider));
    }

    /// <summary>Adds the <see cref="IRegistryIndex"/> of a provider, instead of the one that <c>search_backend</c> names.</summary>
    /// <param name="services">The container.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="configuration">The configuration, from which the provider reads its settings.</param>
    /// <exception cref="InvalidOperationException">The provider lacks a setting, or the container already has an index without a key.</exception>
    public static IServiceCollection AddRegistryIndex(this IServiceCollection services, IRegistryIndexProvider provider, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(provider);
        services.ThrowIfThere(key: null);
        Explained(() => provider.AddServices(services, configuration));
        services.TryAddSingleton<ISearchCapacity, UnknownCapacity>();
        return services.AddShared(key: null).Decorate<IRegistryIndex, ObservedRegistryIndex>();
    }

    private static IServiceCollection AddShared(this IServiceCollection services, string? key)
    {
        services.AddMetrics();
        services.TryAddSingleton<IndexMetrics>();
        return services.AddSingleton(new RegisteredIndex(key));
    }

    private static void ThrowIfThere(this IServiceCollection services, string? key)
    {
        if (services.Any(service => service.ServiceType == typeof(RegisteredIndex) && service.ImplementationInstance is RegisteredIndex there && there.Key == key))
        {
            throw new InvalidOperationException(key is null
                ? "This container already has a registry index without a key, and a second one would replace it: register further indexes with a key (AddKeyedRegistryIndex)."
                : $"This container already has a registry index with the key '{key}': use another key.");
        }
    }

    private static void Explained(Action addServices)
    {
        try
        {
            addServices();
        }
        catch (InvalidOperationException error) when (error is not ProviderConfigurationException)
        {
            throw new ProviderConfigurationException(error.Message, error);
        }
    }
}
