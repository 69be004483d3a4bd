using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using RegistryIndex.Diagnostics;

namespace RegistryIndex.Server.Http;

/// <summary>
/// Lets as many requests read the index at the same time as it answers well (<see cref="ISearchCapacity"/>). The others wait, in the order in
/// which they came and without a thread: not too many of them, and not longer than clients and proxies would. Thread-safe.
/// </summary>
internal sealed class SearchTurns : IDisposable
{
    /// <summary>How many requests wait at most. Each has its connection, and little else.</summary>
    public const int MostWaiting = 1_000;

    /// <summary>How long a request waits at most: proxies wait a minute, and podman asks twice before it gives up.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);

    private readonly ConcurrencyLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly Counter<long> _refused;

    public SearchTurns(ISearchCapacity capacity, IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _limiter = new(new() { PermitLimit = capacity.SearchesAtOnce, QueueLimit = MostWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        var meter = meters.Create(IndexMetrics.Name);
        meter.CreateObservableGauge("registryindex.search.waiting", () => Waiting, "{request}", "Requests that wait for their turn to read the index.");
        _refused = meter.CreateCounter<long>("registryindex.search.refused", "{request}", "Requests that were refused as too many waited, or as they had waited too long.");
    }

    /// <summary>How many requests wait.</summary>
    public long Waiting => _limiter.GetStatistics()?.CurrentQueuedCount ?? 0;

    /// <summary>Waits for a turn, which ends when it is disposed of.</summary>
    /// <param name="cancellationToken">Leaves the queue.</param>
    /// <returns>The turn; null where there is none for this request.</returns>
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
