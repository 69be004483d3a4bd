using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Searching;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>Which rows searches cache, for how long, and what invalidates them.</summary>
public sealed class RowMemoryTests
{
    private static readonly Repository Web = new("web", "A shop");
    private readonly ShiftedTime _time = new();
    private readonly RowMemory _memory;

    public RowMemoryTests() => _memory = new(_time);

    [Fact]
    public void A_row_is_cached_for_seconds_from_the_start_of_its_reading()
    {
        var since = _memory.Now;
        _time.Advance(RowMemory.Lasts - TimeSpan.FromSeconds(5));
        _memory.Remember([Web], since);
        Known("web").Should().Be(Web);
        _time.Advance(TimeSpan.FromSeconds(5));
        Known("web").Should().BeNull();
    }

    [Fact]
    public void A_row_written_since_its_reading_began_is_not_cached_nor_a_replicas_answer_right_after()
    {
        var since = _memory.Now;
        _memory.Forget("web");
        _memory.Remember([Web, new("other")], since);
        _memory.Remember([Web], _memory.Now);
        Known("web").Should().BeNull();
        Known("other").Should().NotBeNull();
        _time.Advance(RowMemory.Lasts);
        _memory.Remember([Web], _memory.Now);
        Known("web").Should().Be(Web);
    }

    [Fact]
    public void The_reading_that_began_later_is_cached()
    {
        var (early, late) = (_memory.Now, _memory.Now + 1);
        _memory.Remember([new Repository("web", "later")], late);
        _memory.Remember([Web], early);
        Known("web")!.Description.Should().Be("later");
    }

    [Fact]
    public void A_row_being_read_when_the_cache_is_cleared_is_not_cached()
    {
        var since = _memory.Now;
        _memory.Remember([Web], since);
        _memory.Clear();
        _memory.Remember([Web], since);
        Known("web").Should().BeNull();
    }

    [Fact]
    public void The_cache_has_a_maximum_size_and_keeps_its_record_of_writes()
    {
        var since = _memory.Now;
        _memory.Forget("web");
        for (var portion = 0; portion < 3; portion++)
        {
            _memory.Remember(Enumerable.Range(0, RowMemory.Most).Select(number => new Repository($"r{portion}/{number}")), _memory.Now);
            Enumerable.Range(0, 3 * RowMemory.Most).Count(number => Known($"r{number / RowMemory.Most}/{number % RowMemory.Most}") is not null).Should().BeLessThanOrEqualTo(RowMemory.Most);
        }

        _memory.Remember([Web], since);
        Known("web").Should().BeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(RowMemory.Most)]
    [InlineData(3 * RowMemory.Most)]
    public void A_late_replicas_row_is_not_cached_after_a_write_even_if_much_else_is_written(int others)
    {
        _memory.Remember([Web], _memory.Now);
        _memory.Forget("web");
        for (var number = 0; number < others; number++)
            _memory.Forget($"team/{number}");
        _memory.Remember([Web], _memory.Now);
        Known("web").Should().BeNull();
        _time.Advance(RowMemory.Lasts);
        _memory.Remember([Web], _memory.Now);
        Known("web").Should().Be(Web, "every replica has the write by now");
    }

    [Fact]
    public void Writes_stay_recorded_when_the_cache_is_cleared()
    {
        _memory.Forget("web");
        _memory.Clear();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _memory.Remember([Web, new("other")], _memory.Now);
        Known("web").Should().BeNull();
        Known("other").Should().NotBeNull();
    }

    [Fact]
    public async Task A_search_sees_its_own_processs_writes_at_once_and_anothers_within_seconds()
    {
        await using var tables = await TestIndexes.NewAsync();
        var (index, other) = (await tables.OpenAsync(), await tables.OpenAsync());
        await index.UpsertAsync(Web, TestIndexes.Stop);
        await SeesAsync(index, Web);
        foreach (var text in new[] { "A farm", "A mill" })
        {
            await index.UpsertAsync(new("web", text), TestIndexes.Stop);
            await SeesAsync(index, new Repository("web", text));
        }

        // New repositories are read, and deleted ones have no posting. Only a description that another process changes may be seen late.
        await SeesAsync(other, new Repository("web", "A mill"));
        await index.UpsertAsync(new("web2", "An inn"), TestIndexes.Stop);
        await index.UpsertAsync(Web, TestIndexes.Stop);
        await SeesAsync(other, new Repository("web", "A mill"), new("web2", "An inn"));
        (await other.SearchAsync(new SearchRequest("shop"), TestIndexes.Stop)).Repositories.Should().Equal([Web], "a newer posting is not answered from the cache");
        await index.DeleteAsync("web2", TestIndexes.Stop);
        await SeesAsync(other, Web);
        await index.UpsertAsync(new("web", "A mill"), TestIndexes.Stop);
        tables.Time.Advance(RowMemory.Lasts);
        await SeesAsync(other, new Repository("web", "A mill"));
    }

    [Fact]
    public async Task A_repository_with_two_postings_during_a_write_is_taken_from_the_cache_once()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await index.UpsertAsync(Web, TestIndexes.Stop);
        foreach (var posting in Postings.PostingSet.OfDescription("web", "A shopper", Postings.Nonce.New(tables.Time.GetUtcNow())))
            await tables.Client.PutItemAsync(tables.Options.SearchTable, posting.ToItem(), TestIndexes.Stop);
        tables.Time.Advance(RowMemory.Lasts);
        for (var time = 0; time < 3; time++)
            (await index.SearchAsync(new SearchRequest("shop"), TestIndexes.Stop)).Repositories.Should().Equal(Web);
    }

    [Fact]
    public async Task With_consistent_reads_nothing_is_cached()
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.ConsistentReads = true;
        using var client = tables.NewClient();
        var (index, other) = (await tables.OpenAsync(client), await tables.OpenAsync());
        await other.UpsertAsync(Web, TestIndexes.Stop);
        await SeesAsync(index, Web);
        await other.UpsertAsync(new("web", "A farm"), TestIndexes.Stop);
        await SeesAsync(index, new Repository("web", "A farm"));
        client.CallsOf("BatchGetItem").Should().Be(2);
    }

    [Fact]
    public async Task Lists_and_reads_by_name_cache_nothing()
    {
        await using var tables = await TestIndexes.NewAsync();
        var (index, other) = (await tables.OpenAsync(), await tables.OpenAsync());
        await other.UpsertAsync(Web, TestIndexes.Stop);
        await SeesAsync(index, Web);
        await other.UpsertAsync(new("web", "A farm"), TestIndexes.Stop);
        (await index.GetAsync("web", TestIndexes.Stop))!.Description.Should().Be("A farm");
        (await index.ListAsync(null, 5, TestIndexes.Stop).SingleAsync(TestIndexes.Stop)).Description.Should().Be("A farm");
    }

    [Fact]
    public async Task A_failed_write_removes_the_row_from_the_cache()
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.RetryTimeout = 0;
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        await index.UpsertAsync(Web, TestIndexes.Stop);
        await SeesAsync(index, Web);
        using var stop = new CancellationTokenSource();
        client.After = async (request, _) =>
        {
            if (request is not UpdateItemRequest)
                return;
            await stop.CancelAsync();
            throw new OperationCanceledException("by the test");
        };
        var write = () => index.UpsertAsync(new("web", "A farm"), stop.Token);
        await write.Should().ThrowAsync<OperationCanceledException>();
        await SeesAsync(index, new Repository("web", "A farm"));
    }

    [Fact]
    public async Task An_exchanged_table_clears_the_cache()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        await index.UpsertAsync(Web, TestIndexes.Stop);
        await SeesAsync(index, Web);
        await tables.DropAsync(tables.Options.RepositoryTable);
        await tables.CreateAsync(Tables.TableSchema.Of(new(tables.Options.RepositoryTable, tables.Options.VersionTable, tables.Options.SearchTable))[0].ToRequest());
        await tables.PutLegacyRowAsync("web", "A farm");
        // After DynamoDB has refused a request because of a table, the process checks the tables again.
        client.Before = request => request is QueryRequest ? throw new ResourceNotFoundException("gone, says the test") { ErrorCode = "ResourceNotFoundException" } : Task.CompletedTask;
        var search = () => index.SearchAsync(new SearchRequest("web"), TestIndexes.Stop);
        await search.Should().ThrowAsync<RegistryIndexException>();
        client.Before = null;
        await TestIndexes.AdoptedAsync(index);
        await SeesAsync(index, new Repository("web", "A farm"));
    }

    private static async Task SeesAsync(DynamoDbIndex index, params Repository[] repositories) =>
        (await index.SearchAsync(new RequestLog("search"), new SearchRequest("web"), TestIndexes.Stop)).Repositories.Should().Equal(repositories);

    private Repository? Known(string name) => _memory.Find([name]).GetValueOrDefault(name);
}
