using Amazon.DynamoDBv2.Model;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>A predecessor continues to write after the adoption, without postings. The next sweep repairs what it leaves.</summary>
public sealed class PredecessorTests
{
    private static readonly Repository[] Before = [new("team/put", "An old shop"), new("team/changed", "An old shop"), new("team/same", "An old shop")];
    private static readonly Repository[] After = [new("team/put", "A new farm"), new("team/changed", "A new farm"), new("team/same", "An old shop"), new("team/added", "A new farm")];

    [Fact]
    public async Task A_predecessors_write_is_found_after_a_sweep_and_its_old_postings_are_removed()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await FillAsync(index);
        await WriteAsPredecessorAsync(tables);

        (await tables.SweepAsync(index)).Repaired.Should().Be(3);
        await index.ShouldFindAsync(After);
        (await tables.SweepAsync(index)).Should().Match<SweepResult>(result => result.Repaired == 0 && result.Orphans > 0);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
        (await tables.SweepAsync(index)).Should().Match<SweepResult>(result => result.Repaired == 0 && result.Orphans == 0);
        await index.ShouldFindAsync(After);
    }

    [Fact]
    public async Task Until_the_sweep_a_predecessors_write_is_shown_as_stored_and_only_once()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await FillAsync(index);
        await WriteAsPredecessorAsync(tables);
        (await Expectations.AllOfAsync(index, "team")).Should().BeEquivalentTo(After.Take(3));
        (await Expectations.AllOfAsync(index, "old")).Should().BeEquivalentTo(After[2..3]);
    }

    [Fact]
    public async Task A_dry_run_counts_the_outdated_rows_and_writes_nothing()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await FillAsync(index);
        await WriteAsPredecessorAsync(tables);
        tables.Time.Advance(TimeSpan.FromHours(2));
        var before = await tables.EverythingAsync();
        (await new DynamoDbMaintenance(index).SweepAsync(dryRun: true, cancellationToken: TestIndexes.Stop)).Repaired.Should().Be(3);
        (await tables.EverythingAsync()).Should().Equal(before);
    }

    [Fact]
    public async Task A_predecessor_that_rewrites_everything_does_not_reach_the_limit_of_a_sweep()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        List<Repository> repositories = [.. Enumerable.Range(0, 20).Select(number => new Repository($"shop-{number:d2}", "Sells"))];
        await index.ImportAsync(repositories.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        foreach (var repository in repositories)
            await tables.PutLegacyRowAsync(repository.Name, repository.Description);
        tables.Time.Advance(TimeSpan.FromHours(2));
        var result = await new DynamoDbMaintenance(index).SweepAsync(cancellationToken: TestIndexes.Stop);
        result.Should().Match<SweepResult>(swept => swept.Withheld == 0 && swept.Repaired == 20 && swept.Orphans > 0);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_sweep_restores_lost_postings_of_a_row()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await FillAsync(index);
        foreach (var posting in (await tables.PostingsAsync()).Where((posting, place) => posting.Name == "team/put" && place % 2 == 0))
            await tables.Client.DeleteItemAsync(tables.Options.SearchTable, posting.Key, TestIndexes.Stop);
        (await tables.SweepAsync(index)).Repaired.Should().Be(1);
        await index.ShouldFindAsync(Before);
        await tables.SweepAsync(index);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task Correct_rows_are_not_written_again_and_recent_rows_are_left_to_a_later_sweep()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        await FillAsync(index);
        await tables.SetLegacyDescriptionAsync("team/changed", "A new farm");
        client.ResetCounts();
        (await new DynamoDbMaintenance(index).SweepAsync(cancellationToken: TestIndexes.Stop)).Repaired.Should().Be(0);
        await tables.SetLegacyDescriptionAsync("team/changed", "An old shop");
        (await tables.SweepAsync(index)).Repaired.Should().Be(0);
        (client.CallsOf("UpdateItem"), client.CallsOf("BatchWriteItem"), client.CallsOf("Scan")).Should().Be((0, 0, 5), "two reads of each table, and one more of the row that seemed wrong");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_predecessors_concurrent_write_is_not_taken_for_a_write_of_the_index(bool isPut)
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        await FillAsync(index);
        var isFirst = true;
        client.Before = request =>
        {
            if (request is not UpdateItemRequest || !isFirst)
                return Task.CompletedTask;
            isFirst = false;
            return isPut ? tables.PutLegacyRowAsync("team/changed", "A new farm") : tables.SetLegacyDescriptionAsync("team/changed", "A new farm");
        };
        (await index.UpsertAsync(new("team/changed", "An ocean"), TestIndexes.Stop)).Should().Be(UpsertOutcome.Updated);
        isFirst.Should().BeFalse();
        await index.ShouldFindAsync([Before[0], Before[2], new("team/changed", "An ocean")]);
        await IndexAssertions.NothingIsMissingAsync(tables);
        await tables.SweepAsync(index);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_sweep_killed_during_its_repairs_is_completed_by_the_next_one()
    {
        for (var k = 1; ; k++)
        {
            await using var tables = await TestIndexes.NewAsync();
            var index = await tables.OpenAsync();
            await FillAsync(index);
            await WriteAsPredecessorAsync(tables);
            using var client = tables.NewClient();
            var dying = await tables.OpenAsync(client);
            client.ResetCounts();
            (client.KillAt, client.KillAfter) = (k, k % 2 == 0);
            try
            {
                await tables.SweepAsync(dying);
            }
            catch (ProcessKilledException)
            {
                // The exception that the test causes.
            }

            await tables.SweepAsync(index);
            await index.ShouldFindAsync(After);
            await tables.SweepAsync(index);
            await IndexAssertions.NothingIsLeftOverAsync(tables);
            if (!client.HasDied)
            {
                client.Calls.Should().BeLessThan(k).And.BeGreaterThan(10);
                return;
            }
        }
    }

    private static Task<ImportResult> FillAsync(DynamoDbIndex index) => index.ImportAsync(Before.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);

    private static async Task WriteAsPredecessorAsync(TestIndexes tables)
    {
        await tables.PutLegacyRowAsync("team/put", "A new farm");
        await tables.PutLegacyRowAsync("team/added", "A new farm");
        await tables.SetLegacyDescriptionAsync("team/changed", "A new farm");
    }
}
