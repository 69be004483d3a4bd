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
    /// <remarks>Call <see cref="IRegistryIndex.InitializeAsync"/> once before using the index.</remarks>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The configuration; read now for the backend's name, and by the backend for its settings.</param>
    /// <exception cref="InvalidOperationException">The name is unknown, and the message lists the known ones and what was tried; or the backend lacks a setting.</exception>
    public static IServiceCollection AddRegistryIndex(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddRegistryIndex(configuration.FindBackend(), configuration);
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
        try
        {
            backend.AddServices(services, configuration);
        }
        catch (InvalidOperationException error)
        {
            throw new BackendSettingsException(error.Message, error);
        }

        services.TryAddSingleton<ISearchCapacity, UnknownCapacity>();
        services.AddMetrics();
        services.AddSingleton<IndexMetrics>();
        return services.Decorate<IRegistryIndex, ObservedRegistryIndex>();
    }
}
