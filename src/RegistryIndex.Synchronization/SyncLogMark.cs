using System.Text.Json;

namespace RegistryIndex.Synchronization;

/// <summary>The mark of an index in which its <see cref="SyncLog"/> is. Thread-safe.</summary>
/// <param name="index">The index.</param>
public sealed class SyncLogMark(IRegistryIndex index)
{
    private const string Mark = "sync-log";

    /// <summary>Reads the log; an empty one where there was no re-sync.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RegistryIndexException">The index could not be read.</exception>
    public async Task<SyncLog> ReadAsync(CancellationToken cancellationToken) => Parse(await index.ReadMarkAsync(Mark, cancellationToken));

    internal async Task<SyncLog> ChangeAsync(Func<SyncLog, SyncLog> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var text = await index.ReadMarkAsync(Mark, cancellationToken);
            var changed = change(Parse(text));
            if (await index.TryReplaceMarkAsync(Mark, text, JsonSerializer.Serialize(changed, SyncLogJson.Default.SyncLog), cancellationToken))
                return changed;
        }
    }

    /// <summary>Notes what could not be read, where that is news.</summary>
    internal async Task NoteAsync(UnreadPlaces? unread, CancellationToken cancellationToken)
    {
        if ((await ReadAsync(cancellationToken)).Unread != unread)
            await ChangeAsync(entry => entry with { Unread = unread }, cancellationToken);
    }

    // A log that another version wrote is only a log: what it says of needs is lost, and the next re-sync meets them.
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
