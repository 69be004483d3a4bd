using Microsoft.Extensions.Diagnostics.HealthChecks;
using RegistryIndex.Hosting;
using RegistryIndex.Providers;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks for indexes.</summary>
public static class RegistryIndexHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that reads a mark of the index, which is its cheapest read. It shows whether the store responds and the index exists.
    /// </summary>
    /// <param name="builder">The health checks of the application.</param>
    /// <param name="key">The key of the index; null for the index without a key.</param>
    /// <param name="name">The name of the check. If null, the name is <c>registryindex</c>, followed by <c>-</c> and the key if there is one.</param>
    /// <param name="failureStatus">The status to report for a failure; <see cref="HealthStatus.Unhealthy"/> if null.</param>
    /// <param name="tags">The tags of the check.</param>
    public static IHealthChecksBuilder AddRegistryIndex(
        this IHealthChecksBuilder builder, string? key = null, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(name ?? (key is null ? "registryindex" : $"registryindex-{key}"), provider => new IndexHealthCheck(new RegisteredIndex(key).In(provider)), failureStatus, tags));
    }
}
