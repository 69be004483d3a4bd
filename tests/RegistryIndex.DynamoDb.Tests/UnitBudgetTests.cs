using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tests;

public sealed class UnitBudgetTests
{
    [Fact]
    public async Task No_more_units_are_spent_than_the_seconds_allow()
    {
        var time = new ShiftedTime();
        var budget = new UnitBudget(100, time);
        (budget.SpendAsync(60, TestIndexes.Stop)).IsCompleted.Should().BeTrue("a second's worth has gathered");
        (budget.SpendAsync(40, TestIndexes.Stop)).IsCompleted.Should().BeTrue();
        using var cancel = new CancellationTokenSource();
        var waiting = budget.SpendAsync(100_000, cancel.Token);
        waiting.IsCompleted.Should().BeFalse();
        await cancel.CancelAsync();
        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();

        time.Advance(TimeSpan.FromSeconds(900));
        budget.SpendAsync(1, cancel.Token).IsCanceled.Should().BeTrue("what was let through is paid off first");
        time.Advance(TimeSpan.FromSeconds(200));
        budget.SpendAsync(1, TestIndexes.Stop).IsCompletedSuccessfully.Should().BeTrue();
        new UnitBudget(0, time).SpendAsync(1_000_000, TestIndexes.Stop).IsCompleted.Should().BeTrue("0 is without limit");
    }

    [Fact]
    public async Task An_estimate_is_what_is_billed()
    {
        await using var tables = await TestIndexes.NewAsync();
        var texts = new Texts(6);
        List<Repository> repositories = [.. Enumerable.Range(0, 40).Select(number => new Repository($"{texts.Name()}/{number}", texts.Description()))];
        List<Repository> changed = [.. repositories.Select(repository => new Repository(repository.Name, $"another {repository.Description}"))];
        var index = await tables.OpenAsync();
        var added = await BilledAsync(repositories);
        var updated = await BilledAsync(changed);
        added.Should().Be(repositories.Sum(repository => DynamoDbCost.Of(repository).WriteUnits));
        updated.Should().Be(changed.Zip(repositories).Sum(pair => DynamoDbCost.Of(pair.First, pair.Second).WriteUnits));
        (await tables.PostingsAsync()).Count.Should().Be((int)changed.Sum(repository => DynamoDbCost.Of(repository).Items - 1));

        async Task<double> BilledAsync(List<Repository> rows)
        {
            using var listener = new System.Diagnostics.Metrics.MeterListener();
            var (gate, units) = (new Lock(), 0.0);
            listener.InstrumentPublished = (instrument, one) =>
            {
                if (instrument.Meter.Scope == tables.Meters && instrument.Name == "registryindex.dynamodb.write_units")
                    one.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((_, value, _, _) =>
            {
                lock (gate)
                    units += value;
            });
            listener.Start();
            await index.ImportAsync(rows.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
            return units;
        }
    }
}
