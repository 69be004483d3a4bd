using Amazon.DynamoDBv2.Model;
using RegistryIndex.Conformance;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>A busy DynamoDB and a bad network never cause a short answer or a row with missing postings.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Throttling_partial_batches_and_lost_replies_change_only_the_duration(int seed)
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient(seed);
        var index = await tables.OpenAsync(client, new WrongTime(tables.Time, hoursAhead: 30 * (seed - 2)));
        (client.Throttled, client.Unprocessed, client.RepliesLost) = (0.05, 0.1, 0.05);
        var reference = new ReferenceIndex();
        var texts = new RandomTexts(seed);
        for (var step = 0; step < 60; step++)
        {
            var repository = texts.Repository();
            if (texts.Random.Next(4) == 0)
            {
                (await index.DeleteAsync(repository.Name, TestIndexes.Stop)).Should().Be(await reference.DeleteAsync(repository.Name, TestIndexes.Stop));
                continue;
            }

            (await index.UpsertAsync(repository, TestIndexes.Stop)).Should().Be(await reference.UpsertAsync(repository, TestIndexes.Stop));
        }

        var stream = Enumerable.Range(0, 60).Select(_ => texts.Repository()).ToList();
        (await index.ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop))
            .Should().Be(await reference.ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop));
        await IndexAssertions.NothingIsMissingAsync(tables);
        await IndexAssertions.EverythingAsync(reference, texts, queries: 50, index);
        (client.Throttled, client.Unprocessed, client.RepliesLost) = (0, 0, 0);
        await tables.SweepAsync(index);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_throttled_sweep_keeps_its_limit_and_removes_all_orphans_with_force()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        await index.ImportAsync(Enumerable.Range(0, 20).Select(number => new Repository($"shop-{number:d2}", "Sells")).ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        foreach (var row in (await tables.RowsAsync()).Take(12))
            await tables.Client.DeleteItemAsync(tables.Options.RepositoryTable, Writing.RepositoryRow.KeyOf(row.Name), TestIndexes.Stop);
        var postings = await tables.PostingsAsync();
        tables.Time.Advance(TimeSpan.FromHours(2));
        (client.Throttled, client.Unprocessed, client.RepliesLost) = (0.1, 0.2, 0.1);
        var maintenance = new DynamoDbMaintenance(index);
        (await maintenance.SweepAsync(cancellationToken: TestIndexes.Stop)).Withheld.Should().Be(postings.Count * 12 / 20);
        (await tables.PostingsAsync()).Should().BeEquivalentTo(postings);
        (await maintenance.SweepAsync(force: true, cancellationToken: TestIndexes.Stop)).Orphans.Should().Be(postings.Count * 12 / 20);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task Throttling_past_the_deadline_is_a_retryable_error_and_not_a_short_answer()
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.RetryTimeout = 0;
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        await index.UpsertAsync(new("web", "A web shop"), TestIndexes.Stop);
        client.Unprocessed = 1;
        var page = () => index.SearchAsync(new SearchRequest("web"), TestIndexes.Stop);
        (await page.Should().ThrowAsync<RegistryIndexException>().WithMessage("dynamodb search: *unprocessed*")).Which.MayRetry.Should().BeTrue();
        var upsert = () => index.UpsertAsync(new("shop"), TestIndexes.Stop);
        await upsert.Should().ThrowAsync<RegistryIndexException>();
        (client.Unprocessed, client.Throttled) = (0, 1);
        (await page.Should().ThrowAsync<RegistryIndexException>().WithMessage("*throttling*")).Which.MayRetry.Should().BeTrue();
        client.Throttled = 0;
        (await index.GetAsync("shop", TestIndexes.Stop)).Should().BeNull("the row is written only after all its postings");
        (await page()).Repositories.Should().Equal(new Repository("web", "A web shop"));
    }

    [Fact]
    public async Task A_stale_row_is_read_again()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        await index.UpsertAsync(new("web", "A web shop"), TestIndexes.Stop);
        // Eventually consistent reads get the answer of a replica that does not have the row yet.
        client.After = (request, response) =>
        {
            if (request is BatchGetItemRequest batch && batch.RequestItems.Values.Single().ConsistentRead is not true)
                ((BatchGetItemResponse)response).Responses.Clear();
            return Task.CompletedTask;
        };
        var log = new RequestLog("search");
        (await index.SearchAsync(log, new SearchRequest("shop"), TestIndexes.Stop)).Repositories.Should().Equal(new Repository("web", "A web shop"));
        log.Units.Read.Should().Be(3, "three queries, a missing row, and a consistent read of it");
        (await index.ListAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop)).Should().ContainSingle();
    }

    [Fact]
    public async Task Stale_postings_do_not_show_duplicate_or_stale_repositories()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        var other = await tables.OpenAsync();
        await index.UpsertAsync(new("web", "A red web shop"), TestIndexes.Stop);
        // Between the reads of the postings and of the row, another process replaces the row, as if the postings came from an outdated replica.
        var isBehind = true;
        client.Before = async request =>
        {
            if (request is not BatchGetItemRequest || !isBehind)
                return;
            isBehind = false;
            await other.UpsertAsync(new("web", "A blue web shop"), TestIndexes.Stop);
        };
        (await index.SearchAsync(new SearchRequest("red"), TestIndexes.Stop)).Repositories.Should().BeEmpty();
        isBehind = true;
        await index.UpsertAsync(new("web", "A red web shop"), TestIndexes.Stop);
        isBehind = true;
        (await index.SearchAsync(new SearchRequest("web"), TestIndexes.Stop)).Repositories.Should().Equal(new Repository("web", "A blue web shop"));
        isBehind = true;
        (await index.ListAsync(null, 5, TestIndexes.Stop).ToListAsync(TestIndexes.Stop)).Should().Equal(new Repository("web", "A blue web shop"));
    }

    [Theory]
    [InlineData("sho", false)]
    [InlineData("sho", true)]
    [InlineData("mon sho", true)]
    [InlineData("common sho", false)]
    public async Task A_repository_written_while_a_page_is_read_is_shown_once(string query, bool isConsistent)
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.ConsistentReads = isConsistent;
        using var reading = tables.NewClient();
        using var writing = tables.NewClient();
        var (index, writer) = (await tables.OpenAsync(reading), await tables.OpenAsync(writing));
        await index.ImportAsync(new Repository[] { new("a", "common shop"), new("b", "common shop"), new("c", "common shox"), new("d", "common shoz") }.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        await tables.Setup.DeleteItemAsync(tables.Options.RepositoryTable, Writing.RepositoryRow.KeyOf("b"), TestIndexes.Stop); // so that the page needs a second read
        // The new postings exist when the page begins, and the row is written after the first read of it.
        var (isWritten, mayBePut) = (new TaskCompletionSource(), new TaskCompletionSource());
        writing.Before = request =>
        {
            if (request is not UpdateItemRequest)
                return Task.CompletedTask;
            isWritten.TrySetResult();
            return mayBePut.Task;
        };
        var write = writer.UpsertAsync(new("a", "common shoq"), TestIndexes.Stop);
        await isWritten.Task.WaitAsync(TestIndexes.Stop);
        reading.After = async (request, _) =>
        {
            if (request is not BatchGetItemRequest)
                return;
            mayBePut.TrySetResult();
            await write;
        };
        var page = await index.SearchAsync(new SearchRequest(query, 2), TestIndexes.Stop);
        page.Repositories.Select(repository => repository.Name).Should().Equal("a", "c");
        mayBePut.Task.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task A_create_with_a_lost_reply_and_a_concurrent_delete_leaves_all_postings_or_no_row()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        var other = await tables.OpenAsync();
        var losesReply = true;
        client.After = async (request, _) =>
        {
            if (request is not UpdateItemRequest || !losesReply)
                return;
            losesReply = false;
            (await other.DeleteAsync("web", TestIndexes.Stop)).Should().BeTrue();
            throw new HttpRequestException("reply lost by the test");
        };
        (await index.UpsertAsync(new("web", "A web shop"), TestIndexes.Stop)).Should().Be(UpsertOutcome.Added);
        (await index.GetAsync("web", TestIndexes.Stop)).Should().NotBeNull();
        await IndexAssertions.NothingIsMissingAsync(tables);
        (await index.SearchAsync(new SearchRequest("shop"), TestIndexes.Stop)).Repositories.Should().ContainSingle();
    }

    [Fact]
    public async Task A_create_with_a_lost_reply_and_a_concurrent_update_keeps_its_postings()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        var other = await tables.OpenAsync();
        var losesReply = true;
        client.After = async (request, _) =>
        {
            if (request is not UpdateItemRequest || !losesReply)
                return;
            losesReply = false;
            (await other.UpsertAsync(new("web", "Other words"), TestIndexes.Stop)).Should().Be(UpsertOutcome.Updated);
            throw new HttpRequestException("reply lost by the test");
        };
        (await index.UpsertAsync(new("web", "A web shop"), TestIndexes.Stop)).Should().Be(UpsertOutcome.Added);
        (await index.GetAsync("web", TestIndexes.Stop))!.Description.Should().Be("Other words");
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_row_that_the_client_retries_by_itself_keeps_its_postings(bool isUpdatedMeanwhile)
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        var other = await tables.OpenAsync();
        var isFirst = true;
        client.Before = async request =>
        {
            if (request is not UpdateItemRequest update || !isFirst)
                return;
            isFirst = false;
            await tables.Client.UpdateItemAsync(update, TestIndexes.Stop); // the client does not get the answer
            if (isUpdatedMeanwhile)
                await other.UpsertAsync(new("web", "Other words"), TestIndexes.Stop);
        };
        (await index.UpsertAsync(new("web", "A web shop"), TestIndexes.Stop)).Should().Be(UpsertOutcome.Added);
        (await index.GetAsync("web", TestIndexes.Stop))!.Description.Should().Be(isUpdatedMeanwhile ? "Other words" : "A web shop");
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task Concurrent_writers_of_one_name_leave_one_of_their_texts_with_all_its_postings()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => writer % 3 == 2
                ? index.DeleteAsync("team/web", TestIndexes.Stop)
                : (Task)index.UpsertAsync(new("team/web", $"Text {writer} of round {round}"), TestIndexes.Stop)));
            await IndexAssertions.NothingIsMissingAsync(tables);
        }

        await tables.SweepAsync(index);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        client.Delay = TimeSpan.FromMinutes(1);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Func<Task>[] calls =
        [
            () => index.SearchAsync(new SearchRequest("web"), soon.Token),
            () => index.UpsertAsync(new("web"), soon.Token),
            () => index.GetAsync("web", soon.Token),
            () => index.DeleteAsync("web", soon.Token),
            () => index.ImportAsync(new[] { new Repository("web") }.ToAsyncEnumerable(), null, soon.Token),
            async () => await index.ListAsync(null, soon.Token).ToListAsync(CancellationToken.None),
            () => index.InitializeAsync(soon.Token),
        ];
        foreach (var call in calls)
            await call.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_table_deleted_while_the_index_runs_is_a_clear_error()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await tables.Client.DeleteTableAsync(tables.Options.SearchTable, TestIndexes.Stop);
        var search = () => index.SearchAsync(new SearchRequest("web"), TestIndexes.Stop);
        (await search.Should().ThrowAsync<RegistryIndexException>().WithMessage($"dynamodb search: the table '{tables.Options.SearchTable}' does not exist at {tables.Endpoint};*"))
            .Which.MayRetry.Should().BeFalse();
    }
}
