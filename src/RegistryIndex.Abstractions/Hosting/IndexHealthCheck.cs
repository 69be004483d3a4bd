using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RegistryIndex.Hosting;

/// <summary>Checks that an index can be read.</summary>
internal sealed class IndexHealthCheck(IRegistryIndex index) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await index.ReadMarkAsync("health", cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (RegistryIndexException error)
        {
            return new(context.Registration.FailureStatus, error.Message, error);
        }
    }
}
