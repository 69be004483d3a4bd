using System.Text.Json;

namespace RegistryIndex.Synchronization;

/// <summary>The mark of an index that stores its <see cref="SyncLog"/>. Thread-safe.</summary>
/// <param name="index">The index.</param>
public sealed class SyncLogMark(IRegistryIndex index)
{
    private const string Mark = "sync-log";
    private SyncSummary? _last;

    /// <summary>When the last re-sync ended, as of the last time that the log was read here.</summary>
    internal DateTimeOffset? LastSync => Volatile.Read(ref _last)?.Ended;

    /// <summary>Reads the log; it is empty when there was no re-sync.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RegistryIndexException">The index could not be read.</exception>
    public async Task<SyncLog> ReadAsync(CancellationToken cancellationToken) => Remember(Parse(await index.ReadMarkAsync(Mark, cancellationToken)));

    internal async Task<SyncLog> ChangeAsync(Func<SyncLog, SyncLog> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var text = await index.ReadMarkAsync(Mark, cancellationToken);
            var changed = change(Parse(text));
            if (await index.TryReplaceMarkAsync(Mark, text, JsonSerializer.Serialize(changed, SyncLogJson.Default.SyncLog), cancellationToken))
                return Remember(changed);
        }
    }

    /// <summary>Records what could not be read, when it differs from what is recorded.</summary>
    internal async Task NoteAsync(UnreadPlaces? unread, CancellationToken cancellationToken)
    {
        if ((await ReadAsync(cancellationToken)).Unread != unread)
            await ChangeAsync(entry => entry with { Unread = unread }, cancellationToken);
    }

    private SyncLog Remember(SyncLog log)
    {
        Volatile.Write(ref _last, log.Last);
        return log;
    }

    // A log that another version wrote may be unreadable: the needs that it recorded are lost, and the next re-sync meets them.
    private static SyncLog Parse(string? text)
    {
        try
        {
            return (text is null ? null : JsonSerializer.Deserialize(text, SyncLogJson.Default.SyncLog)) ?? new(0, 0, null, null);
        }
        catch (JsonException)
        {
            return new(0, 0, Needed: 0, null);
        }
    }
}
