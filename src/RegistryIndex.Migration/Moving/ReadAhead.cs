using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace RegistryIndex.Migration.Moving;

/// <summary>Reads a source while earlier batches are processed.</summary>
internal static class ReadAhead
{
    /// <summary>
    /// Reads ahead in portions and returns all portions that are ready as one batch. A consumer that is slower than the source gets large
    /// batches, and one that is faster does not wait for them. Memory holds two of the largest batches and a portion.
    /// </summary>
    /// <param name="source">The repositories to read.</param>
    /// <param name="portion">The number of repositories in a portion; only the last may have fewer.</param>
    /// <param name="most">The maximum number of portions in a batch.</param>
    /// <param name="cancellationToken">Cancels the enumeration and the reading.</param>
    public static async IAsyncEnumerable<Repository[]> ReadAheadAsync(
        this IAsyncEnumerable<Repository> source, int portion, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var portions = Channel.CreateBounded<Repository[]>(new BoundedChannelOptions(most) { SingleReader = true, SingleWriter = true });
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadAsync(source.Chunk(portion), portions.Writer, abandoned.Token), CancellationToken.None);
        try
        {
            while (await portions.Reader.WaitToReadAsync(cancellationToken))
            {
                var batch = new List<Repository>();
                for (var taken = 0; taken < most && portions.Reader.TryRead(out var next); taken++)
                    batch.AddRange(next);
                yield return [.. batch];
            }
        }
        finally
        {
            await abandoned.CancelAsync();
            await reading;
        }
    }

    private static async Task ReadAsync(IAsyncEnumerable<Repository[]> portions, ChannelWriter<Repository[]> read, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await foreach (var portion in portions.WithCancellation(cancellationToken))
                await read.WriteAsync(portion, cancellationToken);
        }
#pragma warning disable CA1031 // the reader of the channel gets it
        catch (Exception error)
#pragma warning restore CA1031
        {
            failure = error;
        }

        read.Complete(failure);
    }
}
