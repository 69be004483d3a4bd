using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RegistryIndex.Storage;
using RegistryIndex.Storage.Trees;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the reader of a registry's storage into a container.</summary>
public static class RegistryStorageServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IRegistryStorage"/> and the <see cref="StorageOptions"/> it follows. It is always there:
    /// <see cref="StorageOptions.IsConfigured"/> tells whether there is anything to read, and where there is not, reading
    /// is a <see cref="StorageException"/> that says what to set.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The whole configuration; read when the options are first asked for, or the host starts.</param>
    public static IServiceCollection AddRegistryStorage(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<StorageOptions>().Bind(configuration).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>());
        services.AddSingleton<IRegistryStorage>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
            return options.IsConfigured ? new RegistryStorage(new LocalTree(options.Path!)) : new NoStorage();
        });
        return services;
    }
}
