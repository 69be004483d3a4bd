namespace RegistryIndex.Migration;

/// <summary>
/// The mark of an index that is written for itself, and not only as the copy of another: a text that tells it from all others,
/// wherever it is. It is set before the first write to an index, except by the mirrors and migrations of the one index that it is a copy
/// of. It is set once and stays.
/// </summary>
public static class OriginMark
{
    /// <summary>The name of the mark.</summary>
    public const string Name = "origin";

    /// <summary>Reads it; null where it is not set.</summary>
    /// <param name="index">The index.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Task<string?> ReadAsync(IRegistryIndex index, CancellationToken cancellationToken) => index.ReadMarkAsync(Name, cancellationToken);

    /// <summary>Sets it, where it is not set.</summary>
    /// <param name="index">The index.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What it says.</returns>
    public static async Task<string> EnsureAsync(IRegistryIndex index, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ReadAsync(index, cancellationToken) is { } origin)
                return origin;
            await index.TryReplaceMarkAsync(Name, null, Guid.NewGuid().ToString("n"), cancellationToken);
        }
    }
}
