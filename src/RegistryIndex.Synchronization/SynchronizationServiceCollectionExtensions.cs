using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RegistryIndex.Synchronization;
using RegistryIndex.Synchronization.Following;
using RegistryIndex.Synchronization.Loading;
using RegistryIndex.Synchronization.Refreshing;
using RegistryIndex.Synchronization.Syncing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts what keeps an index equal to its registry into a container.</summary>
public static class SynchronizationServiceCollectionExtensions
{
    /// <summary>
    /// Adds what brings the index to what is true when it is asked to: <see cref="IRegistrySynchronizer"/>, <see cref="IRegistryLoader"/>,
    /// <see cref="IFollowedSource"/>, <see cref="SyncLogMark"/> and the <see cref="SyncOptions"/> they follow.
    /// </summary>
    /// <remarks>
    /// The container holds an <see cref="RegistryIndex.IRegistryIndex"/>, an <see cref="RegistryIndex.Sources.IRegistryApi"/>, an
    /// <see cref="RegistryIndex.Sources.IRegistryStorage"/> or both, logging, and a <see cref="TimeProvider"/> where it shall be another than the system's.
    /// </remarks>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The whole configuration; read when the options are first asked for, or the host starts.</param>
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
    /// Adds what works as long as the host runs: the start of the index (<see cref="IIndexStartup"/>), its first load from a storage,
    /// re-syncs on schedule, and <see cref="IRegistryFollower"/>, which looks up what events say. Needs <see cref="AddRegistrySynchronization"/>,
    /// and the registry's storage for the first load.
    /// </summary>
    /// <param name="services">The container.</param>
    public static IServiceCollection AddRegistryFollower(this IServiceCollection services) => services
        .AddSingleton<FirstLoad>()
        .AddBackgroundWork<IndexStartup>()
        .AddSingleton<IIndexStartup>(provider => provider.GetRequiredService<IndexStartup>())
        .AddSingleton(provider =>
        {
            var pending = new PendingRepositories(provider.GetRequiredService<TimeProvider>());
            provider.GetRequiredService<FollowMetrics>().ObserveQueue(() => pending.Count);
            return pending;
        })
        .AddBackgroundWork<ScheduledSync>()
        .AddSingleton<FollowingState>()
        .AddBackgroundWork<SourceProbe>()
        .AddBackgroundWork<Follower>()
        .AddSingleton<IRegistryFollower>(provider => provider.GetRequiredService<Follower>());

    /// <summary>Runs a work as long as the host runs, and lets the host see it among all <see cref="BackgroundWork"/>.</summary>
    /// <typeparam name="TWork">The work.</typeparam>
    /// <param name="services">The container.</param>
    public static IServiceCollection AddBackgroundWork<TWork>(this IServiceCollection services)
        where TWork : BackgroundWork => services
        .AddSingleton<TWork>()
        .AddSingleton<BackgroundWork>(provider => provider.GetRequiredService<TWork>())
        .AddHostedService(provider => provider.GetRequiredService<TWork>());
}
