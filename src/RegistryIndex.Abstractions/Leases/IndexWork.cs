using System.Text.Json;

namespace RegistryIndex;

/// <summary>
/// Work on an index that one process at a time does and that survives a crash: the first load, an adoption, a
/// re-sync (contract 6.4). Its state is a mark of the index, so it works on every provider.
/// </summary>
/// <remarks>
/// A lease has a random holder and a duration. A contender takes over when the mark has not changed for that duration, measured with
/// the contender's own monotonic clock; clocks of different machines are never compared. On Linux, a contender
/// does not wait for a holder whose process ran on the same machine and has ended. Safety does not depend on the lease: two holders
/// would only do the same work twice. Keep one instance for as long as you contend, because it remembers the last mark it saw.
/// Thread-safe.
/// </remarks>
/// <param name="index">The index that keeps the mark.</param>
/// <param name="name">The mark's name, such as <c>first-load</c>.</param>
/// <param name="duration">How long to wait for a silent holder; 30 seconds if null. The holder renews it every third of that time.</param>
/// <param name="time">The clock, for tests.</param>
public sealed class IndexWork(IRegistryIndex index, string name, TimeSpan? duration = null, TimeProvider? time = null)
{
    private readonly Lock _gate = new();
    private (string Mark, long Since)? _seen;

    internal IRegistryIndex Index { get; } = index;

    internal string Name { get; } = name;

    internal TimeProvider Time { get; } = time ?? TimeProvider.System;

    internal TimeSpan Duration { get; } = duration ?? TimeSpan.FromSeconds(30);

    /// <summary>Reads the state of the work.</summary>
    public async Task<WorkState> GetStateAsync(CancellationToken cancellationToken = default) =>
        await ReadAsync(cancellationToken).ConfigureAwait(false) is (_, { } mark) ? mark.State : WorkState.NotBegun;

    /// <summary>Tries to take the lease.</summary>
    /// <param name="again">Whether to repeat work that is already done, as for periodic work.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The lease; null when the work is done or another process is doing it. In the latter case, try again later.</returns>
    public async Task<IndexLease?> TryTakeAsync(bool again = false, CancellationToken cancellationToken = default)
    {
        var (text, mark) = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (mark is { State: WorkState.Done } && !again)
            return null;
        if (mark is { State: WorkState.Running, Holder: { } holder } && !LeaseHolder.IsDead(holder) && !IsSilent(text!, mark))
            return null;
        var taken = new WorkMark(WorkState.Running, LeaseHolder.New(), Duration.TotalSeconds, mark is { State: WorkState.Running } ? mark.Progress : null);
        var takenText = taken.ToText();
        return await Index.TryReplaceMarkAsync(Name, text, takenText, cancellationToken).ConfigureAwait(false)
            ? new IndexLease(this, taken, takenText)
            : null;
    }

    private bool IsSilent(string text, WorkMark mark)
    {
        lock (_gate)
        {
            if (_seen is { } seen && seen.Mark == text)
                return Time.GetElapsedTime(seen.Since) >= TimeSpan.FromSeconds(mark.Seconds);
            _seen = (text, Time.GetTimestamp());
            return false;
        }
    }

    private async Task<(string? Text, WorkMark? Mark)> ReadAsync(CancellationToken cancellationToken)
    {
        var text = await Index.ReadMarkAsync(Name, cancellationToken).ConfigureAwait(false);
        try
        {
            return (text, text is null ? null : JsonSerializer.Deserialize(text, WorkMarkJson.Default.WorkMark));
        }
        catch (JsonException error)
        {
            throw new RegistryIndexException(Index.Provider, Name, $"the mark '{Name}' of the index was not written by this version: {text}", mayRetry: false, error);
        }
    }
}

/// <summary>The state of a piece of work.</summary>
public enum WorkState
{
    /// <summary>No process has begun the work.</summary>
    NotBegun,

    /// <summary>A process is doing the work, or was doing it when it crashed or stopped.</summary>
    Running,

    /// <summary>The work is done.</summary>
    Done,
}
