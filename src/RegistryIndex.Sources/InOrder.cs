using System.Runtime.CompilerServices;

namespace RegistryIndex.Sources;

internal static class InOrder
{
    /// <summary>Runs a slow operation for each item, a few at a time; the results keep the order of the items.</summary>
    public static async IAsyncEnumerable<TResult> SelectInOrderAsync<TSource, TResult>(
        this IAsyncEnumerable<TSource> source, int atATime, Func<TSource, CancellationToken, Task<TResult>> select, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Queue<Task<TResult>>(atATime);
        try
        {
            await foreach (var item in source.WithCancellation(stop.Token))
            {
                if (running.Count == atATime)
                    yield return await running.Dequeue();
                running.Enqueue(select(item, stop.Token));
            }

            while (running.TryDequeue(out var next))
                yield return await next;
        }
        finally
        {
            // After a failure, or when the caller stops early, no operation continues in the background.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
