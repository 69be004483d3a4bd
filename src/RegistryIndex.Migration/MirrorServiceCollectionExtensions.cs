using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using RegistryIndex;
using RegistryIndex.Migration;
using RegistryIndex.Migration.Mirroring;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts an index that is mirrored into a container.</summary>
public static class MirrorServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IRegistryIndex"/> and <see cref="IMirroredIndex"/>: every call is answered by the primary alone, whatever happens to the
    /// secondary, and each name that was written is brought to the secondary right afterwards. Needs logging in the container.
    /// </summary>
    /// <param name="services">The container; a <see cref="TimeProvider"/> in it is used.</param>
    /// <param name="primary">The index that decides and is read; it is not disposed of.</param>
    /// <param name="secondary">The index that follows; it is not disposed of.</param>
    /// <param name="options">How; null for the defaults.</param>
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
