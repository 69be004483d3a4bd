using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace RegistryIndex.Migration.Moving;

/// <summary>Reads a source while what was read before is worked on.</summary>
internal static class ReadAhead
{
    /// <summary>
    /// Reads on in portions, and hands over as many of them in one as are there: a reader that is slower than the source gets large
    /// batches, and one that is faster does not wait for them. Memory holds two of the largest batches and a portion.
    /// </summary>
    /// <param name="source">What is read.</param>
    /// <param name="portion">How many repositories a portion has; only the last may have fewer.</param>
    /// <param name="most">Of how many portions a batch consists at most.</param>
    /// <param name="cancellationToken">Ends the reading, too.</param>
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
