using Microsoft.Extensions.Diagnostics.HealthChecks;
using RegistryIndex.Backends;
using RegistryIndex.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Checks the health of an index.</summary>
public static class RegistryIndexHealthChecksBuilderExtensions
{
    /// <summary>Adds a check that reads a mark of the index, the cheapest read that it has: whether the store answers and the index is there.</summary>
    /// <param name="builder">The health checks of the application.</param>
    /// <param name="key">The key of the index; null for the one without.</param>
    /// <param name="name">The name of the check; <c>registryindex</c>, with <c>-</c> and the key where there is one, if null.</param>
    /// <param name="failureStatus">What a failure means; <see cref="HealthStatus.Unhealthy"/> if null.</param>
    /// <param name="tags">The tags of the check.</param>
    public static IHealthChecksBuilder AddRegistryIndex(
        this IHealthChecksBuilder builder, string? key = null, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(name ?? (key is null ? "registryindex" : $"registryindex-{key}"), provider => new IndexHealthCheck(new RegisteredIndex(key).In(provider)), failureStatus, tags));
    }
}
