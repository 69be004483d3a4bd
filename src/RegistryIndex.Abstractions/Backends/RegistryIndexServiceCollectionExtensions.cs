using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RegistryIndex;
using RegistryIndex.Backends;
using RegistryIndex.Diagnostics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the search index of a registry into a container.</summary>
public static class RegistryIndexServiceCollectionExtensions
{
    /// <summary>The configuration key that chooses the backend.</summary>
    public const string BackendKey = "search_backend";

    /// <summary>The backend where the configuration does not mention the key.</summary>
    public const string DefaultBackend = "sqlalchemy";

    /// <summary>
    /// Adds the <see cref="IRegistryIndex"/> that <c>search_backend</c> names: a known backend, or a third party's
    /// assembly. Not set it is the embedded SQLite; empty it means no index, and searches come back empty.
    /// </summary>
    /// <remarks>
    /// Call <see cref="IRegistryIndex.InitializeAsync"/> once before using the index, or let
    /// <see cref="RegistryIndexInitializationExtensions.AddRegistryIndexInitialization"/> do it.
    /// </remarks>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The configuration; read now for the backend's name, and by the backend for its settings.</param>
    /// <exception cref="InvalidOperationException">
    /// The name is unknown, and the message lists the known ones and what was tried; or the backend lacks a setting; or the container has an index
    /// without a key already.
    /// </exception>
    public static IServiceCollection AddRegistryIndex(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddRegistryIndex(configuration.FindBackend(), configuration);
    }

    /// <summary>
    /// Adds the index that a part of the configuration describes as the keyed service <see cref="IRegistryIndex"/>, so that a container can hold
    /// several; with the same key its <see cref="IRegistryIndexSource"/>, <see cref="ISearchCapacity"/> and what else the backend adds.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="key">The key, which is also the name of the backend's options.</param>
    /// <param name="section">The part of the configuration, with <c>search_backend</c> and the backend's settings.</param>
    /// <exception cref="InvalidOperationException">
    /// As <see cref="AddRegistryIndex(IServiceCollection, IConfiguration)"/>; or the backend cannot be registered with a key.
    /// </exception>
    public static IServiceCollection AddKeyedRegistryIndex(this IServiceCollection services, string key, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(section);
        Explained(() => section.FindBackend().AddKeyedServices(services, key, section));
        return services;
    }

    /// <summary>
    /// Adds an index that a factory gives, measured and traced as every index is: for the typed registration of a backend
    /// (<c>AddEfCoreRegistryIndex</c>).
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="key">The key; null for the one index without.</param>
    /// <param name="factory">Gives the index, which the container has of its own, too, or which need not be disposed of.</param>
    /// <exception cref="InvalidOperationException">The container has an index of that key, or without one, already.</exception>
    public static IServiceCollection AddRegistryIndex(this IServiceCollection services, string? key, Func<IServiceProvider, IRegistryIndex> factory)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(factory);
        services.ThrowIfThere(key);
        return services.AddShared(key).AddSingletonOf<IRegistryIndex>(key, provider => new ObservedRegistryIndex(factory(provider), provider.GetRequiredService<IndexMetrics>()));
    }

    /// <summary>Adds a singleton with a key or, where that is null, without.</summary>
    /// <param name="services">The container.</param>
    /// <param name="key">The key.</param>
    /// <param name="factory">Makes it.</param>
    public static IServiceCollection AddSingletonOf<T>(this IServiceCollection services, string? key, Func<IServiceProvider, T> factory)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        return key is null ? services.AddSingleton(factory) : services.AddKeyedSingleton(key, (provider, _) => factory(provider));
    }

    /// <summary>The backend that the configuration chooses.</summary>
    /// <exception cref="InvalidOperationException">The name is unknown.</exception>
    internal static IRegistryIndexBackend FindBackend(this IConfiguration configuration)
    {
        var name = (configuration[BackendKey] ?? DefaultBackend).Trim();
        return BackendRegistry.OfApplication().Find(name.Length == 0 ? NoIndex.Name : name);
    }

    /// <summary>Adds the index of that backend.</summary>
    internal static IServiceCollection AddRegistryIndex(this IServiceCollection services, IRegistryIndexBackend backend, IConfiguration configuration)
    {
        services.ThrowIfThere(key: null);
        Explained(() => backend.AddServices(services, configuration));
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
                ? "There is a registry index without a key in this container already, and a second one would take its place: register further ones with a key (AddKeyedRegistryIndex)."
                : $"There is a registry index with the key '{key}' in this container already: give this one another key.");
        }
    }

    private static void Explained(Action addServices)
    {
        try
        {
            addServices();
        }
        catch (InvalidOperationException error) when (error is not UnknownBackendException)
        {
            throw new BackendSettingsException(error.Message, error);
        }
    }
}
