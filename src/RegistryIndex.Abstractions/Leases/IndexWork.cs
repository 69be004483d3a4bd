using System.Text.Json;

namespace RegistryIndex;

/// <summary>
/// Work on an index that one process does at a time, and that a crash does not lose: the first load, an adoption, a
/// re-sync (contract 6.4). Its state is a mark of the index, so it works on every provider.
/// </summary>
/// <remarks>
/// A lease has a random holder and a duration. A contender waits that duration on its own monotonic clock without
/// seeing the mark change, then takes over; clocks of different machines are never compared. Safety never depends on
/// the lease: two holders would do the same work twice, no more. Keep one instance for as long as you contend: it
/// remembers what it saw. Thread-safe.
/// </remarks>
/// <param name="index">The index whose mark it is.</param>
/// <param name="name">The mark's name, such as <c>first-load</c>.</param>
/// <param name="duration">How long a silent holder is waited for; 30 seconds if not given. The holder renews it at a third of that.</param>
/// <param name="time">The clock, for tests.</param>
public sealed class IndexWork(IRegistryIndex index, string name, TimeSpan? duration = null, TimeProvider? time = null)
{
    private readonly Lock _gate = new();
    private (string Mark, long Since)? _seen;

    internal IRegistryIndex Index { get; } = index;

    internal string Name { get; } = name;

    internal TimeProvider Time { get; } = time ?? TimeProvider.System;

    internal TimeSpan Duration { get; } = duration ?? TimeSpan.FromSeconds(30);

    /// <summary>Reads how far the work is.</summary>
    public async Task<WorkState> GetStateAsync(CancellationToken cancellationToken = default) =>
        await ReadAsync(cancellationToken).ConfigureAwait(false) is (_, { } mark) ? mark.State : WorkState.NotBegun;

    /// <summary>Tries to become the one that does the work.</summary>
    /// <param name="again">Whether to do it although it has been done, as periodic work is.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The lease; null when the work is done, or somebody else is at it: ask again later.</returns>
    public async Task<IndexLease?> TryTakeAsync(bool again = false, CancellationToken cancellationToken = default)
    {
        var (text, mark) = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (mark is { State: WorkState.Done } && !again)
            return null;
        if (mark is { State: WorkState.Running, Holder: not null } && !IsSilent(text!, mark))
            return null;
        var taken = new WorkMark(WorkState.Running, NewHolder(), Duration.TotalSeconds, mark is { State: WorkState.Running } ? mark.Progress : null);
        var takenText = taken.ToText();
        return await Index.TryReplaceMarkAsync(Name, text, takenText, cancellationToken).ConfigureAwait(false)
            ? new IndexLease(this, taken, takenText)
            : null;
    }

    internal static string NewHolder() => Guid.NewGuid().ToString("n");

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
            throw new RegistryIndexException(Index.Provider, Name, $"the mark '{Name}' of the index is not one that this version writes: {text}", mayRetry: false, error);
        }
    }
}

/// <summary>How far a piece of work is.</summary>
public enum WorkState
{
    /// <summary>Nobody has begun it.</summary>
    NotBegun,

    /// <summary>Somebody is at it, or was when it crashed or stopped.</summary>
    Running,

    /// <summary>It has been done.</summary>
    Done,
}
