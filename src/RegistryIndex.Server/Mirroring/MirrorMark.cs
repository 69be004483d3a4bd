using System.Globalization;

namespace RegistryIndex.Server.Mirroring;

/// <summary>
/// The mark by which an index says that mirrors write to it. A mirror sets it before its first write, so that whoever wrote
/// something and then finds no mark knows that every write of a mirror comes later. It stays, as nobody knows which mirror is the last.
/// </summary>
internal static class MirrorMark
{
    public const string Name = "mirror";

    public static async Task<bool> IsSetAsync(IRegistryIndex index, CancellationToken cancellationToken) =>
        await index.ReadMarkAsync(Name, cancellationToken) is not null;

    /// <summary>Sets it to the time, where it is not set.</summary>
    public static async Task SetAsync(IRegistryIndex index, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!await IsSetAsync(index, cancellationToken))
            await index.TryReplaceMarkAsync(Name, null, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), cancellationToken);
    }
}
