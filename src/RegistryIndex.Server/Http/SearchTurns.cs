using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using RegistryIndex.Diagnostics;

namespace RegistryIndex.Server.Http;

/// <summary>
/// Limits how many requests read the index at the same time, to the number that it serves well (<see cref="ISearchCapacity"/>). The others
/// wait in order of arrival, without a thread. The number of waiting requests is limited, and so is their wait, to what clients and proxies
/// tolerate. Thread-safe.
/// </summary>
internal sealed class SearchTurns : IDisposable
{
    /// <summary>The largest number of waiting requests. Each has its connection, and little else.</summary>
    public const int MostWaiting = 1_000;

    /// <summary>The longest wait of a request: proxies wait a minute, and podman sends two requests before it gives up.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);

    private readonly ConcurrencyLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly Counter<long> _refused;

    public SearchTurns(ISearchCapacity capacity, IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _limiter = new(new() { PermitLimit = capacity.SearchesAtOnce, QueueLimit = MostWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        var meter = meters.Create(RegistryIndexDiagnostics.Name);
        meter.CreateObservableGauge("registryindex.search.waiting", () => Waiting, "{request}", "Requests that wait to read the index.");
        _refused = meter.CreateCounter<long>("registryindex.search.refused", "{request}", "Requests that were refused because too many were waiting or because they had waited too long.");
    }

    /// <summary>The number of waiting requests.</summary>
    public long Waiting => _limiter.GetStatistics()?.CurrentQueuedCount ?? 0;

    /// <summary>Waits for a turn, which ends when it is disposed of.</summary>
    /// <param name="cancellationToken">Leaves the queue.</param>
    /// <returns>The turn; null when this request gets none.</returns>
    public async ValueTask<RateLimitLease?> TryTakeAsync(CancellationToken cancellationToken)
    {
        var turn = _limiter.AttemptAcquire();
        if (!turn.IsAcquired)
            turn = await WaitAsync(cancellationToken);
        if (turn is { IsAcquired: true })
            return turn;
        _refused.Add(1);
        return null;
    }

    public void Dispose() => _limiter.Dispose();

    private async Task<RateLimitLease?> WaitAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await _limiter.AcquireAsync(cancellationToken: either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
