using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using RegistryIndex;
using RegistryIndex.Migration;
using RegistryIndex.Migration.Mirroring;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a mirrored index in a container.</summary>
public static class MirrorServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IRegistryIndex"/> and <see cref="IMirroredIndex"/>. Only the primary answers calls, even if the secondary
    /// fails. Each repository written is copied to the secondary right afterwards. The container needs logging.
    /// </summary>
    /// <param name="services">The container. If it has a <see cref="TimeProvider"/>, the mirror uses it.</param>
    /// <param name="primary">The index that answers all calls; the container does not dispose of it.</param>
    /// <param name="secondary">The index that follows the primary; the container does not dispose of it.</param>
    /// <param name="options">The options; null for the defaults.</param>
    public static IServiceCollection AddMirroredRegistryIndex(
        this IServiceCollection services, Func<IServiceProvider, IRegistryIndex> primary, Func<IServiceProvider, IRegistryIndex> secondary, Func<IServiceProvider, MirrorOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(primary);
        ArgumentNullException.ThrowIfNull(secondary);
        services.AddMetrics();
        return services
            .AddSingleton(provider => new MirrorIndex(
                primary(provider), secondary(provider), options?.Invoke(provider) ?? new(),
                provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<ILoggerFactory>(), provider.GetService<TimeProvider>() ?? TimeProvider.System))
            .AddSingleton<IMirroredIndex>(provider => provider.GetRequiredService<MirrorIndex>())
            .AddSingleton<IRegistryIndex>(provider => provider.GetRequiredService<MirrorIndex>());
    }
}
