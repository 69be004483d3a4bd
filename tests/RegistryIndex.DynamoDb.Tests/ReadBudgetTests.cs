using System.Collections.Concurrent;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>Bulk reads keep to <c>max_read_units</c>. Reads for which a client waits do not.</summary>
public sealed class ReadBudgetTests
{
    private const int Repositories = 60;

    [Theory]
    [InlineData("sweep", true)]
    [InlineData("rebuild", true)]
    [InlineData("scan", true)]
    [InlineData("import", true)]
    [InlineData("search", false)]
    [InlineData("list of all", true)]
    [InlineData("list of some", false)]
    [InlineData("get", false)]
    public async Task Only_background_reads_are_slowed_down(string call, bool isSlowed)
    {
        await using var tables = await TestIndexes.NewAsync();
        await (await tables.OpenAsync()).ImportAsync(All(), cancellationToken: TestIndexes.Stop);
        tables.Options.MaxReadUnits = 1;
        var time = new StandingTime();
        var index = await tables.OpenAsync(time: time);
        time.Waits.Clear();
        await (call switch
        {
            "sweep" => index.SweepAsync(dryRun: false, DynamoDbMaintenance.DefaultGrace, force: false, null, TestIndexes.Stop),
            "rebuild" => index.RebuildAsync(null, TestIndexes.Stop),
            "scan" => index.ScanAsync().ToListAsync(TestIndexes.Stop).AsTask(),
            "import" => index.ImportAsync(All(), cancellationToken: TestIndexes.Stop),
            "search" => index.SearchAsync(new("shop", 100), TestIndexes.Stop),
            "list of all" => index.ListAsync().ToListAsync(TestIndexes.Stop).AsTask(),
            "list of some" => index.ListAsync(null, Repositories, TestIndexes.Stop).ToListAsync(TestIndexes.Stop).AsTask(),
            _ => (Task)index.GetAsync("team/shop-00", TestIndexes.Stop),
        });
        // At one unit a second, and with a clock that stands still, the last read waits for all units that were spent before.
        (time.Waits.DefaultIfEmpty().Max() > TimeSpan.FromSeconds(1)).Should().Be(isSlowed, "the longest pause of {0} is {1}", call, time.Waits.DefaultIfEmpty().Max());
    }

    private static IAsyncEnumerable<Repository> All() => Enumerable.Range(0, Repositories).Select(number => new Repository($"team/shop-{number:d2}", new string('x', 300))).ToAsyncEnumerable();

    /// <summary>A clock that stands still. It records every pause and ends it at once.</summary>
    private sealed class StandingTime : TimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waits { get; } = [];

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Enqueue(dueTime);
            return base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : dueTime, period);
        }
    }
}
