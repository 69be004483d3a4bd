using System.Diagnostics.Metrics;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RegistryIndex;
using RegistryIndex.DynamoDb;
using RegistryIndex.DynamoDb.Searching;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds an index in DynamoDB to a container, by its type.</summary>
/// <remarks>
/// If the application registers an <see cref="IAmazonDynamoDB"/>, with the same key or without one, the index uses that client, which determines
/// where the index is. Otherwise the index creates its own client, which the application cannot resolve.
/// </remarks>
public static class DynamoDbRegistryIndexServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="IRegistryIndex"/> in DynamoDB, and its <see cref="DynamoDbMaintenance"/>.</summary>
    /// <param name="services">The container.</param>
    /// <param name="configure">
    /// Sets the options. Options that it leaves unset are filled in afterwards. The options are checked when the host starts.
    /// </param>
    /// <exception cref="InvalidOperationException">The container has an index without a key already.</exception>
    public static IServiceCollection AddDynamoDbRegistryIndex(this IServiceCollection services, Action<DynamoDbIndexOptions> configure) => services.Add(key: null, configure);

    /// <summary>Adds an index in DynamoDB as the keyed service <see cref="IRegistryIndex"/>, and its <see cref="DynamoDbMaintenance"/>.</summary>
    /// <param name="services">The container.</param>
    /// <param name="key">The key, which is also the name of its options.</param>
    /// <param name="configure">
    /// Sets the options. Options that it leaves unset are filled in afterwards. The options are checked when the host starts.
    /// </param>
    /// <exception cref="InvalidOperationException">The container has an index with that key already.</exception>
    public static IServiceCollection AddKeyedDynamoDbRegistryIndex(this IServiceCollection services, string key, Action<DynamoDbIndexOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return services.Add(key, configure);
    }

    /// <summary>Adds all services except the index that the application resolves.</summary>
    internal static IServiceCollection AddServicesOf(this IServiceCollection services, string? key, Action<DynamoDbIndexOptions> configure)
    {
        var name = key ?? Options.Options.DefaultName;
        services.AddOptions<DynamoDbIndexOptions>(name).Configure(configure)
            .PostConfigure<IServiceProvider>((options, provider) => options.Complete(hasClient: DynamoDbClient.FindOfApplication(provider, key) is not null))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DynamoDbIndexOptions>, DynamoDbIndexOptionsValidator>());
        services.AddMetrics();
        services.AddSingletonOf(key, provider => new OwnClient(OptionsOf(provider, key)));
        services.AddSingletonOf(key, provider => new DynamoDbIndex(
            ClientOf(provider, key),
            OptionsOf(provider, key),
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetService<ILogger<DynamoDbIndex>>() ?? NullLogger<DynamoDbIndex>.Instance,
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingletonOf<IRegistryIndexSource>(key, provider => IndexOf(provider, key));
        services.AddSingletonOf<ISearchCapacity>(key, _ => new DynamoDbCapacity());
        services.AddSingletonOf<IWriteCost>(key, _ => new DynamoDbWriteCost());
        return services.AddSingletonOf(key, provider => new DynamoDbMaintenance(IndexOf(provider, key)));
    }

    internal static IServiceCollection Add(this IServiceCollection services, string? key, Action<DynamoDbIndexOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddRegistryIndex(key, provider => IndexOf(provider, key)).AddServicesOf(key, configure);
    }

    internal static DynamoDbIndexOptions OptionsOf(IServiceProvider provider, string? key) =>
        provider.GetRequiredService<IOptionsMonitor<DynamoDbIndexOptions>>().Get(key ?? Options.Options.DefaultName);

    /// <summary>The application's client if it has one; otherwise our own.</summary>
    internal static IAmazonDynamoDB ClientOf(IServiceProvider provider, string? key) => DynamoDbClient.FindOfApplication(provider, key)
        ?? (key is null ? provider.GetRequiredService<OwnClient>() : provider.GetRequiredKeyedService<OwnClient>(key)).Client;

    private static DynamoDbIndex IndexOf(IServiceProvider provider, string? key) =>
        key is null ? provider.GetRequiredService<DynamoDbIndex>() : provider.GetRequiredKeyedService<DynamoDbIndex>(key);
}
