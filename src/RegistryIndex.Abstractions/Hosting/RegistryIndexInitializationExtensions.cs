using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using RegistryIndex.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Initializes the indexes of an application when it starts.</summary>
public static class RegistryIndexInitializationExtensions
{
    /// <summary>
    /// Adds a hosted service that calls <see cref="RegistryIndex.IRegistryIndex.InitializeAsync"/> of every index in the container, with or without
    /// a key, before other hosted services start. If an index cannot be initialized, the application does not start. Further calls do nothing.
    /// </summary>
    /// <param name="services">The container.</param>
    public static IServiceCollection AddRegistryIndexInitialization(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, IndexInitialization>());
        return services;
    }
}
