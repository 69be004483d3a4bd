using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RegistryIndex.Synchronization;
using RegistryIndex.Synchronization.Following;
using RegistryIndex.Synchronization.Loading;
using RegistryIndex.Synchronization.Refreshing;
using RegistryIndex.Synchronization.Syncing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the services that keep an index equal to its registry.</summary>
public static class SynchronizationServiceCollectionExtensions
{
    /// <summary>
    /// Adds the services that update the index on request: <see cref="IRegistrySynchronizer"/>, <see cref="IRegistryLoader"/>, <see
    /// cref="IFollowedSource"/>, <see cref="SyncLogMark"/> and their <see cref="SyncOptions"/>.
    /// </summary>
    /// <remarks>
    /// The container needs an <see cref="RegistryIndex.IRegistryIndex"/>, an <see cref="RegistryIndex.Sources.IRegistryApi"/>, an <see
    /// cref="RegistryIndex.Sources.IRegistryStorage"/> or both, and logging. Register a <see cref="TimeProvider"/> to use another clock
    /// than the system's.
    /// </remarks>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The whole configuration; it is read when the options are first requested or the host starts.</param>
    public static IServiceCollection AddRegistrySynchronization(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<SyncOptions>().Bind(configuration).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SyncOptions>, SyncOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        return services
            .AddSingleton<FollowMetrics>()
            .AddSingleton<FollowedSource>()
            .AddSingleton<IFollowedSource>(provider => provider.GetRequiredService<FollowedSource>())
            .AddSingleton<RepositoryRefresh>()
            .AddSingleton<SyncLogMark>()
            .AddSingleton<SyncNeed>()
            .AddSingleton<Synchronizer>()
            .AddSingleton<ElectedSync>()
            .AddSingleton<IRegistrySynchronizer>(provider => provider.GetRequiredService<ElectedSync>())
            .AddSingleton<Loader>()
            .AddSingleton<IRegistryLoader>(provider => provider.GetRequiredService<Loader>());
    }

    /// <summary>
    /// Adds the services that run as long as the host: the start of the index (<see cref="IIndexStartup"/>), its first load from a storage,
    /// scheduled re-syncs, and <see cref="IRegistryFollower"/>, which looks up what events report. Requires <see
    /// cref="AddRegistrySynchronization"/>, and the registry's storage for the first load.
    /// </summary>
    /// <param name="services">The container.</param>
    public static IServiceCollection AddRegistryFollower(this IServiceCollection services) => services
        .AddSingleton<FirstLoad>()
        .AddBackgroundWork<IndexStartup>()
        .AddSingleton<IIndexStartup>(provider => provider.GetRequiredService<IndexStartup>())
        .AddSingleton(provider =>
        {
            var pending = new PendingRepositories(provider.GetRequiredService<TimeProvider>());
            var (metrics, log) = (provider.GetRequiredService<FollowMetrics>(), provider.GetRequiredService<SyncLogMark>());
            metrics.ObserveQueue(() => pending.Count);
            metrics.ObserveLastSync(() => log.LastSync);
            return pending;
        })
        .AddBackgroundWork<ScheduledSync>()
        .AddSingleton<FollowingState>()
        .AddBackgroundWork<SourceProbe>()
        .AddBackgroundWork<Follower>()
        .AddSingleton<IRegistryFollower>(provider => provider.GetRequiredService<Follower>());

    /// <summary>Runs background work as long as the host runs, and lists it among the host's <see cref="BackgroundWork"/> services.</summary>
    /// <typeparam name="TWork">The work.</typeparam>
    /// <param name="services">The container.</param>
    public static IServiceCollection AddBackgroundWork<TWork>(this IServiceCollection services)
        where TWork : BackgroundWork => services
        .AddSingleton<TWork>()
        .AddSingleton<BackgroundWork>(provider => provider.GetRequiredService<TWork>())
        .AddHostedService(provider => provider.GetRequiredService<TWork>());
}
