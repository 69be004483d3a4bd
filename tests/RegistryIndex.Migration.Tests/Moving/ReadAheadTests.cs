using System.Runtime.CompilerServices;
using RegistryIndex.Migration.Moving;
using RegistryIndex.Testing;

namespace RegistryIndex.Migration.Tests.Moving;

/// <summary>A source is read ahead while the rows that were read before are processed.</summary>
public sealed class ReadAheadTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_is_returned_once_in_order_in_batches_of_at_most_the_maximum_size()
    {
        for (var count = 0; count <= 40; count++)
        {
            var source = new Source(count);
            var batches = await source.ReadAsync(Stop).ReadAheadAsync(portion: 3, most: 4, Stop).ToListAsync(Stop);
            batches.SelectMany(batch => batch).Should().Equal(Source.Rows(count));
            batches.Should().NotContain(batch => batch.Length == 0 || batch.Length > 12);
            batches.SkipLast(1).Should().NotContain(batch => batch.Length % 3 != 0, "only the last portion may be short");
        }
    }

    [Fact]
    public async Task Rows_read_during_the_work_are_one_batch_and_the_number_read_ahead_is_limited()
    {
        var source = new Source(1_000);
        await using var batches = source.ReadAsync(Stop).ReadAheadAsync(portion: 5, most: 4, Stop).GetAsyncEnumerator(Stop);
        (await batches.MoveNextAsync()).Should().BeTrue();
        var first = batches.Current.Length;

        // Four portions wait, and the reader has a fifth.
        await Eventually.BeAsync(() => source.Given >= first + 25);
        (await batches.MoveNextAsync()).Should().BeTrue();
        batches.Current.Should().HaveCount(20);
        source.Given.Should().BeLessThanOrEqualTo(first + 20 + 25);
    }

    [Fact]
    public async Task The_failure_of_a_source_is_thrown_after_the_rows_before_it()
    {
        var source = new Source(10) { Failure = new RegistryIndexException("far", "scan", "gone.", mayRetry: true) };
        var read = new List<Repository>();
        var reading = async () =>
        {
            await foreach (var batch in source.ReadAsync(Stop).ReadAheadAsync(portion: 5, most: 2, Stop))
                read.AddRange(batch);
        };
        await reading.Should().ThrowAsync<RegistryIndexException>().WithMessage("*gone.*");
        read.Should().Equal(Source.Rows(10));
    }

    [Fact]
    public async Task A_consumer_that_stops_early_ends_the_reading()
    {
        var source = new Source(1_000);
        await foreach (var _ in source.ReadAsync(Stop).ReadAheadAsync(portion: 5, most: 2, Stop))
            break;
        source.IsLeft.Should().BeTrue();
        source.Given.Should().BeLessThan(1_000);
    }

    [Fact]
    public async Task A_cancelled_reading_throws()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var source = new Source(1_000);
        var reading = async () =>
        {
            await foreach (var _ in source.ReadAsync(cancelled.Token).ReadAheadAsync(portion: 5, most: 2, cancelled.Token))
                await cancelled.CancelAsync();
        };
        await reading.Should().ThrowAsync<OperationCanceledException>();
        source.IsLeft.Should().BeTrue();
    }

    private sealed class Source(int count)
    {
        private int _given;

        public Exception? Failure { get; init; }

        public int Given => Volatile.Read(ref _given);

        public bool IsLeft { get; private set; }

        public static IEnumerable<Repository> Rows(int count) => Enumerable.Range(0, count).Select(i => new Repository($"app/{i:d4}"));

        public async IAsyncEnumerable<Repository> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                foreach (var row in Rows(count))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await Task.Yield();
                    Interlocked.Increment(ref _given);
                    yield return row;
                }

                if (Failure is not null)
                    throw Failure;
            }
            finally
            {
                IsLeft = true;
            }
        }
    }
}
