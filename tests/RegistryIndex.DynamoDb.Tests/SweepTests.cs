using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>What a sweep removes, and what it must not remove.</summary>
public sealed class SweepTests
{
    [Fact]
    public async Task A_sweep_removes_only_old_orphans()
    {
        await using var tables = await TestIndexes.NewAsync();
        var time = tables.Time;
        var index = await tables.OpenAsync(time: time);
        var maintenance = new DynamoDbMaintenance(index);
        await index.UpsertAsync(new("team/web", "A web shop"), TestIndexes.Stop);
        await index.UpsertAsync(new("team/web", "A better web shop"), TestIndexes.Stop);
        var live = await tables.PostingsAsync();
        await tables.LeaveOrphansAsync(new("team/web"));
        await tables.LeaveOrphansAsync(new("team/never-was"));
        var orphans = (await tables.PostingsAsync()).Count - live.Count;

        (await maintenance.SweepAsync(cancellationToken: TestIndexes.Stop)).Should().Be(new SweepResult(live.Count + orphans, 0, false), "the orphans are a minute old");
        time.Advance(TimeSpan.FromHours(2));
        (await maintenance.SweepAsync(dryRun: true, cancellationToken: TestIndexes.Stop)).Should().Be(new SweepResult(live.Count + orphans, orphans, true));
        (await tables.PostingsAsync()).Should().HaveCount(live.Count + orphans);
        var reports = new List<SweepResult>();
        (await maintenance.SweepAsync(progress: new Reports<SweepResult>(reports.Add), cancellationToken: TestIndexes.Stop)).Orphans.Should().Be(orphans);
        reports.Should().NotBeEmpty();
        (await tables.PostingsAsync()).Should().BeEquivalentTo(live);
    }

    [Fact]
    public async Task Old_postings_of_a_crashed_update_are_swept()
    {
        await using var tables = await TestIndexes.NewAsync();
        var time = tables.Time;
        var index = await tables.OpenAsync(time: time);
        await index.UpsertAsync(new("web", "A red shop"), TestIndexes.Stop);
        using var client = tables.NewClient();
        var dying = await tables.OpenAsync(client);
        client.After = (request, _) =>
        {
            client.KillAt = request is UpdateItemRequest ? client.Calls + 1 : null;
            return Task.CompletedTask;
        };
        var update = () => dying.UpsertAsync(new("web", "A blue shop"), TestIndexes.Stop);
        await update.Should().ThrowAsync<Testing.DynamoDb.ProcessKilledException>();
        (await index.GetAsync("web", TestIndexes.Stop))!.Description.Should().Be("A blue shop");
        time.Advance(TimeSpan.FromHours(2));
        (await index.SweepAsync(dryRun: false, TimeSpan.FromHours(1), force: false, null, TestIndexes.Stop)).Orphans.Should().BePositive();
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_grace_period_that_is_too_short_for_writers_is_refused()
    {
        await using var tables = await TestIndexes.NewAsync();
        var maintenance = new DynamoDbMaintenance(await tables.OpenAsync());
        var sweep = () => maintenance.SweepAsync(grace: TimeSpan.FromMinutes(5));
        await sweep.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData("postings")]
    [InlineData("row")]
    public async Task A_writer_that_pauses_past_the_grace_period_still_ends_with_all_its_postings(string pausesAt)
    {
        await using var tables = await TestIndexes.NewAsync();
        var time = tables.Time;
        using var client = tables.NewClient();
        var slow = await tables.OpenAsync(client, time);
        var sweeper = await tables.OpenAsync(time: time);
        var hasPaused = false;
        // The writer pauses after its postings are written, or immediately before its row is written. Meanwhile a sweep removes the postings.
        async Task PauseAsync()
        {
            if (hasPaused)
                return;
            hasPaused = true;
            time.Advance(TimeSpan.FromHours(2));
            (await sweeper.SweepAsync(dryRun: false, TimeSpan.FromHours(1), force: false, null, TestIndexes.Stop)).Orphans.Should().BePositive();
        }

        if (pausesAt == "row")
            client.Before = request => request is UpdateItemRequest ? PauseAsync() : Task.CompletedTask;
        else
            client.After = (request, _) => request is BatchWriteItemRequest ? PauseAsync() : Task.CompletedTask;
        (await slow.UpsertAsync(new("web", "A web shop"), TestIndexes.Stop)).Should().Be(UpsertOutcome.Added);
        hasPaused.Should().BeTrue();
        await IndexAssertions.NothingIsLeftOverAsync(tables);
        (await sweeper.SearchAsync(new SearchRequest("shop"), TestIndexes.Stop)).Repositories.Should().ContainSingle();
    }

    [Fact]
    public async Task A_row_throttled_until_its_attempt_is_too_old_is_not_sent_again()
    {
        await using var tables = await TestIndexes.NewAsync();
        var time = tables.Time;
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client, time);
        List<string> sent = [];
        client.Before = request =>
        {
            if (request is not UpdateItemRequest update)
                return Task.CompletedTask;
            sent.Add(update.ExpressionAttributeValues[":nonce"].S);
            if (sent.Count > 1)
                return Task.CompletedTask;
            time.Advance(TimeSpan.FromMinutes(6));
            throw new ProvisionedThroughputExceededException("throttled by the test") { ErrorCode = "ProvisionedThroughputExceededException" };
        };
        // The deadline of its retries must not end it.
        tables.Options.RetryTimeout = 3600;
        index = tables.New(client, time);
        (await index.UpsertAsync(new("web", "A web shop"), TestIndexes.Stop)).Should().Be(UpsertOutcome.Added);
        sent.Should().HaveCount(2).And.OnlyHaveUniqueItems("the second nonce is that of another attempt");
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_row_that_waits_until_its_attempt_is_too_old_is_not_sent()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.OpenAsync();
        using var client = tables.NewClient();
        var goOn = new TaskCompletionSource();
        client.Before = _ => goOn.Task;
        var (store, isTooOld) = (tables.NewStore(client), false);
        var puts = Enumerable.Range(0, 20).Select(number =>
        {
            var attempt = new WriteAttempt(new($"web/{number}"), null, false, TimeProvider.System, store.Clock);
            return store.TryPutAsync(attempt.Row, null, () => isTooOld);
        }).ToList();
        var underWay = client.Calls;
        underWay.Should().BeInRange(1, 19, "the other requests wait");
        isTooOld = true;
        goOn.SetResult();
        (await Task.WhenAll(puts)).Should().Equal([.. Enumerable.Repeat(PutResult.Written, underWay), .. Enumerable.Repeat(PutResult.Refused, 20 - underWay)]);
        client.Calls.Should().Be(underWay);
    }

    [Fact]
    public async Task More_orphans_than_crashes_can_leave_are_removed_only_with_force()
    {
        await using var tables = await TestIndexes.NewAsync();
        var time = tables.Time;
        await using (var before = await tables.OpenAsync(time: time))
            await before.ImportAsync(Shops(20), cancellationToken: TestIndexes.Stop);
        // The table is lost and recreated by hand.
        await tables.DropAsync(tables.Options.RepositoryTable);
        await tables.CreateAsync(Tables.TableSchema.Of(new(tables.Options.RepositoryTable, tables.Options.VersionTable, tables.Options.SearchTable))[0].ToRequest());
        var postings = await tables.PostingsAsync();
        time.Advance(TimeSpan.FromHours(2));
        using var client = tables.NewClient();
        var maintenance = new DynamoDbMaintenance(await tables.OpenAsync(client, time));

        var withheld = new SweepResult(postings.Count, postings.Count, false) { Withheld = postings.Count };
        (await maintenance.SweepAsync(cancellationToken: TestIndexes.Stop)).Should().Be(withheld);
        (await maintenance.SweepAsync(dryRun: true, cancellationToken: TestIndexes.Stop)).Should().Be(withheld with { DryRun = true });
        client.CallsOf("BatchWriteItem").Should().Be(0);
        (await tables.PostingsAsync()).Should().BeEquivalentTo(postings);

        (await maintenance.SweepAsync(force: true, cancellationToken: TestIndexes.Stop)).Should().Be(withheld with { Withheld = 0 });
        (await tables.PostingsAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData(30, 6, false)]
    [InlineData(20, 6, true)]
    [InlineData(5, 5, false)]
    public async Task Without_force_a_sweep_removes_a_share_of_the_postings_and_at_least_those_of_a_few_repositories(int there, int gone, bool isWithheld)
    {
        await using var tables = await TestIndexes.NewAsync();
        var time = tables.Time;
        var index = await tables.OpenAsync(time: time);
        await index.ImportAsync(Shops(there), cancellationToken: TestIndexes.Stop);
        await foreach (var repository in Shops(gone))
            await tables.Client.DeleteItemAsync(tables.Options.RepositoryTable, RepositoryRow.KeyOf(repository.Name), TestIndexes.Stop);
        time.Advance(TimeSpan.FromHours(2));
        var result = await new DynamoDbMaintenance(index).SweepAsync(cancellationToken: TestIndexes.Stop);
        result.Orphans.Should().Be(result.Postings * gone / there);
        result.Withheld.Should().Be(isWithheld ? result.Orphans : 0);
        (await tables.PostingsAsync()).Should().HaveCount((int)(isWithheld ? result.Postings : result.Postings - result.Orphans));
    }

    // All have the same number of postings.
    private static IAsyncEnumerable<Repository> Shops(int count) =>
        Enumerable.Range(0, count).Select(number => new Repository($"shop-{number:d2}", "Sells")).ToAsyncEnumerable();

    private sealed class Reports<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
