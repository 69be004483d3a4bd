using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;
using RegistryIndex.Storage;
using RegistryIndex.Storage.S3;
using RegistryIndex.Storage.Trees;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the reader of a registry's storage.</summary>
public static class RegistryStorageServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IRegistryStorage"/> and its <see cref="StorageOptions"/>. The service is always available: <see
    /// cref="IRegistrySource.IsConfigured"/> says whether a storage is configured. When none is, reading throws a <see
    /// cref="StorageException"/> that says what to set.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The whole configuration; it is read when the options are first requested or the host starts.</param>
    public static IServiceCollection AddRegistryStorage(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<StorageOptions>().Bind(configuration).Configure(options =>
        {
            S3OptionsFromConfiguration.Read(options, configuration);
            DistributionOptionsFromConfiguration.Read(options, configuration);
        }).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>());
        services.AddDescriptionKeys(configuration);
        services.AddSingleton(provider => Open(provider.GetRequiredService<IOptions<StorageOptions>>().Value, provider.GetRequiredService<DescriptionKeys>()));
        return services;
    }

    private static IRegistryStorage Open(StorageOptions options, DescriptionKeys keys) => options switch
    {
        { IsConfigured: false } => new NoStorage(),
        { Kind: StorageOptions.S3Kind } => new RegistryStorage(new S3Tree(S3Client.Create(options.S3), options.S3.Bucket!, options.Path ?? ""), keys),
        _ => new RegistryStorage(new LocalTree(options.Path!), keys),
    };
}
