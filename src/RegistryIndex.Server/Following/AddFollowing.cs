using Microsoft.Extensions.Options;
using RegistryIndex.Server.Hosting;
using RegistryIndex.Server.Syncing;

namespace RegistryIndex.Server.Following;

internal static class AddFollowing
{
    /// <summary>What <c>sync</c> and the server need to bring the index to what is true.</summary>
    public static IServiceCollection AddRegistryFollowing(this IServiceCollection services, IConfiguration configuration, bool asksRegistry) => services
        .AddRegistryClient(configuration, readsFiles: asksRegistry)
        .AddSingleton<FollowMetrics>()
        .AddSingleton<FollowedSource>()
        .AddSingleton<RepositoryRefresh>()
        .AddSyncing(configuration);

    /// <summary>What listens to events and acts on them, as long as the server runs.</summary>
    public static IServiceCollection AddFollower(this IServiceCollection services) => services
        .AddSingleton(provider =>
        {
            var pending = new PendingRepositories(provider.GetRequiredService<TimeProvider>());
            provider.GetRequiredService<FollowMetrics>().ObserveQueue(() => pending.Count);
            return pending;
        })
        .AddBackgroundWork<ScheduledSync>()
        .AddSingleton<FollowingState>()
        .AddBackgroundWork<SourceProbe>()
        .AddBackgroundWork<Follower>();

    private static IServiceCollection AddSyncing(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SyncOptions>().Bind(configuration).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<SyncOptions>, SyncOptionsValidator>()
            .AddSingleton<SyncLogMark>()
            .AddSingleton<SyncNeed>()
            .AddSingleton<Synchronizer>()
            .AddSingleton<ElectedSync>();
    }
}
