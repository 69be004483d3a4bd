using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tests;

public sealed class UnitBudgetTests
{
    [Fact]
    public async Task The_budget_limits_the_units_per_second()
    {
        var time = new ShiftedTime();
        var budget = new UnitBudget(100, time);
        (budget.SpendAsync(60, TestIndexes.Stop)).IsCompleted.Should().BeTrue("the budget of one second is available");
        (budget.SpendAsync(40, TestIndexes.Stop)).IsCompleted.Should().BeTrue();
        using var cancel = new CancellationTokenSource();
        var waiting = budget.SpendAsync(100_000, cancel.Token);
        waiting.IsCompleted.Should().BeFalse();
        await cancel.CancelAsync();
        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();

        time.Advance(TimeSpan.FromSeconds(900));
        budget.SpendAsync(1, cancel.Token).IsCanceled.Should().BeTrue("the overdraft is paid first");
        time.Advance(TimeSpan.FromSeconds(200));
        budget.SpendAsync(1, TestIndexes.Stop).IsCompletedSuccessfully.Should().BeTrue();
        new UnitBudget(0, time).SpendAsync(1_000_000, TestIndexes.Stop).IsCompleted.Should().BeTrue("0 means no limit");
    }

    [Fact]
    public async Task An_estimate_equals_the_billed_units()
    {
        await using var tables = await TestIndexes.NewAsync();
        var texts = new RandomTexts(6);
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
                if (instrument.Meter.Scope == tables.Meters && instrument.Name == "registryindex.dynamodb.units")
                    one.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
            {
                lock (gate)
                    units += tags.ToArray().Any(tag => tag.Value is "write") ? value : 0;
            });
            listener.Start();
            await index.ImportAsync(rows.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
            return units;
        }
    }
}
