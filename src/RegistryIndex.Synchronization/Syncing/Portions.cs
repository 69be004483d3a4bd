using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using RegistryIndex.Sources;

namespace RegistryIndex.Synchronization.Syncing;

internal static class Portions
{
    /// <summary>
    /// Groups what a source yields into portions. When the source fails, the items before the failure are yielded as a portion before it is
    /// thrown.
    /// </summary>
    public static async IAsyncEnumerable<StoredRepository[]> InPortionsAsync(
        this IAsyncEnumerable<StoredRepository> repositories, int size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var portion = new List<StoredRepository>(size);
        ExceptionDispatchInfo? failure = null;
        await using var enumerator = repositories.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await enumerator.MoveNextAsync())
                    break;
            }
            catch (RegistrySourceException error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
                break;
            }

            portion.Add(enumerator.Current);
            if (portion.Count < size)
                continue;
            yield return [.. portion];
            portion.Clear();
        }

        if (portion.Count > 0)
            yield return [.. portion];
        failure?.Throw();
    }
}
