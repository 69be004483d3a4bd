using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>Machines whose clocks are hours off write and sweep the same tables. Valid data stays, and leftovers are removed in the end.</summary>
public sealed class ClockSkewTests
{
    private static readonly int[] HoursAhead = [-30, -3, 3, 30];

    [Fact]
    public async Task Writers_and_sweepers_with_wrong_clocks_lose_nothing()
    {
        await using var tables = await TestIndexes.NewAsync();
        var sweepers = new List<DynamoDbIndex>();
        foreach (var hours in HoursAhead)
            sweepers.Add(await tables.OpenAsync(tables.NewClient(), new WrongTime(tables.Time, hours)));
        List<Repository> written = [];
        foreach (var hours in HoursAhead)
        {
            using var client = tables.NewClient();
            var writer = await tables.OpenAsync(client, new WrongTime(tables.Time, hours));
            await UpsertAsync(new($"old/{hours + 30}", "An old text"));
            client.Before = async request =>
            {
                if (request is UpdateItemRequest)
                    await SweepAsync(expected: 0);
            };
            await UpsertAsync(new($"new/{hours + 30}", "A new text"));
            await UpsertAsync(new($"old/{hours + 30}", "Another text"));
            await IndexAssertions.NothingIsMissingAsync(tables);

            // It dies after it has written its postings, before the row.
            client.KillAt = client.Calls + 3;
            client.Before = null;
            var dying = () => writer.UpsertAsync(new($"never/{hours + 30}", "A text"), TestIndexes.Stop);
            await dying.Should().ThrowAsync<Testing.DynamoDb.ProcessKilledException>();

            async Task UpsertAsync(Repository repository)
            {
                await writer.UpsertAsync(repository, TestIndexes.Stop);
                written.RemoveAll(other => other.Name == repository.Name);
                written.Add(repository);
            }
        }

        await SweepAsync(expected: 0);
        tables.Time.Advance(TimeSpan.FromHours(2));
        (await sweepers[0].SweepAsync(dryRun: false, DynamoDbMaintenance.DefaultGrace, force: false, null, TestIndexes.Stop)).Orphans.Should().BePositive();
        await IndexAssertions.NothingIsLeftOverAsync(tables);
        await sweepers[^1].ShouldFindAsync(written);

        async Task SweepAsync(long expected)
        {
            foreach (var sweeper in sweepers)
                (await sweeper.SweepAsync(dryRun: false, DynamoDbMaintenance.DefaultGrace, force: true, null, TestIndexes.Stop)).Orphans.Should().Be(expected);
        }
    }

    [Fact]
    public async Task A_clock_that_is_set_during_a_write_or_a_sweep_loses_nothing()
    {
        await using var tables = await TestIndexes.NewAsync();
        foreach (var hours in HoursAhead)
        {
            using var client = tables.NewClient();
            var time = new WrongTime(tables.Time, 0);
            var index = await tables.OpenAsync(client, time);
            var sweeper = await tables.OpenAsync(tables.NewClient(), time);
            client.Before = async request =>
            {
                if (request is not (BatchWriteItemRequest or UpdateItemRequest))
                    return;
                time.HoursAhead = hours;
                (await sweeper.SweepAsync(dryRun: false, DynamoDbMaintenance.DefaultGrace, force: true, null, TestIndexes.Stop)).Orphans.Should().Be(0);
            };
            (await index.UpsertAsync(new($"app/{hours + 30}", "A text"), TestIndexes.Stop)).Should().Be(UpsertOutcome.Added);
            await IndexAssertions.NothingIsMissingAsync(tables);
        }
    }

    [Fact]
    public async Task Orphans_with_a_time_in_the_future_are_kept_until_then()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await index.UpsertAsync(new("web", "A shop"), TestIndexes.Stop);
        foreach (var orphan in PostingSet.OfName("never", Nonce.New(tables.Time.GetUtcNow() + TimeSpan.FromHours(30))))
            await tables.Client.PutItemAsync(tables.Options.SearchTable, orphan.ToItem(), TestIndexes.Stop);
        foreach (var hours in new[] { 0, 2, 20 })
        {
            tables.Time.Advance(TimeSpan.FromHours(hours));
            (await new DynamoDbMaintenance(index).SweepAsync(cancellationToken: TestIndexes.Stop)).Orphans.Should().Be(0);
        }

        tables.Time.Advance(TimeSpan.FromHours(10));
        (await new DynamoDbMaintenance(index).SweepAsync(cancellationToken: TestIndexes.Stop)).Orphans.Should().BePositive();
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }
}
