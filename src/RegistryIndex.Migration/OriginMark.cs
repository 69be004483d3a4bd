namespace RegistryIndex.Migration;

/// <summary>
/// The mark of an index that has writers of its own and is not only a copy of another index. Its text identifies the index,
/// wherever it is stored. The mark is set before the first write to an index, except for writes by the mirrors and migrations of the one index
/// that it is a copy of. It is set once and stays.
/// </summary>
public static class OriginMark
{
    /// <summary>The name of the mark.</summary>
    public const string Name = "origin";

    /// <summary>Reads the mark; null if it is not set.</summary>
    /// <param name="index">The index.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Task<string?> ReadAsync(IRegistryIndex index, CancellationToken cancellationToken) => index.ReadMarkAsync(Name, cancellationToken);

    /// <summary>Sets the mark if it is not set.</summary>
    /// <param name="index">The index.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The text of the mark.</returns>
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
