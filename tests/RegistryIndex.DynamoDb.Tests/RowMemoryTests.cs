using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Searching;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>What searches remember of rows, for how long, and what makes them forget it.</summary>
public sealed class RowMemoryTests
{
    private static readonly Repository Web = new("web", "A shop");
    private readonly ShiftedTime _time = new();
    private readonly RowMemory _memory;

    public RowMemoryTests() => _memory = new(_time);

    [Fact]
    public void A_row_is_remembered_for_seconds_from_before_it_was_read()
    {
        var since = _memory.Now;
        _time.Advance(RowMemory.Lasts - TimeSpan.FromSeconds(5));
        _memory.Remember([Web], since);
        Known("web").Should().Be(Web);
        _time.Advance(TimeSpan.FromSeconds(5));
        Known("web").Should().BeNull();
    }

    [Fact]
    public void What_was_written_since_its_reading_began_is_not_remembered_and_neither_is_what_a_replica_says_right_after()
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
    public void Of_two_readings_the_one_that_began_later_counts()
    {
        var (early, late) = (_memory.Now, _memory.Now + 1);
        _memory.Remember([new Repository("web", "later")], late);
        _memory.Remember([Web], early);
        Known("web")!.Description.Should().Be("later");
    }

    [Fact]
    public void What_is_being_read_when_all_is_forgotten_is_not_remembered()
    {
        var since = _memory.Now;
        _memory.Remember([Web], since);
        _memory.Clear();
        _memory.Remember([Web], since);
        Known("web").Should().BeNull();
    }

    [Fact]
    public void It_holds_so_many_and_no_more_and_forgets_no_write_for_it()
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
    public void What_was_written_is_not_remembered_as_a_replica_has_it_that_is_late_however_much_else_is_written(int others)
    {
        _memory.Remember([Web], _memory.Now);
        _memory.Forget("web");
        for (var number = 0; number < others; number++)
            _memory.Forget($"team/{number}");
        _memory.Remember([Web], _memory.Now);
        Known("web").Should().BeNull();
        _time.Advance(RowMemory.Lasts);
        _memory.Remember([Web], _memory.Now);
        Known("web").Should().Be(Web, "every replica has heard of it by now");
    }

    [Fact]
    public void That_something_was_written_is_known_also_when_all_rows_are_forgotten()
    {
        _memory.Forget("web");
        _memory.Clear();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _memory.Remember([Web, new("other")], _memory.Now);
        Known("web").Should().BeNull();
        Known("other").Should().NotBeNull();
    }

    [Fact]
    public async Task A_search_sees_what_its_own_process_writes_at_once_and_what_another_writes_within_seconds()
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

        // What is new is read, and what is gone has no posting; only a text that changes elsewhere may come late.
        await SeesAsync(other, new Repository("web", "A mill"));
        await index.UpsertAsync(new("web2", "An inn"), TestIndexes.Stop);
        await index.UpsertAsync(Web, TestIndexes.Stop);
        await SeesAsync(other, new Repository("web", "A mill"), new("web2", "An inn"));
        (await other.SearchAsync(new SearchRequest("shop"), TestIndexes.Stop)).Repositories.Should().Equal([Web], "what a posting says that is new is not taken from memory");
        await index.DeleteAsync("web2", TestIndexes.Stop);
        await SeesAsync(other, Web);
        await index.UpsertAsync(new("web", "A mill"), TestIndexes.Stop);
        tables.Time.Advance(RowMemory.Lasts);
        await SeesAsync(other, new Repository("web", "A mill"));
    }

    [Fact]
    public async Task A_repository_that_is_being_written_and_stands_in_two_places_is_taken_from_memory_once()
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
    public async Task With_consistent_reads_nothing_is_remembered()
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
    public async Task A_list_and_a_read_by_name_remember_nothing()
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
    public async Task A_write_that_goes_wrong_is_forgotten_too_as_it_may_have_been_done()
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
    public async Task A_table_that_is_exchanged_empties_it()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        await index.UpsertAsync(Web, TestIndexes.Stop);
        await SeesAsync(index, Web);
        await tables.DropAsync(tables.Options.RepositoryTable);
        await tables.CreateAsync(Tables.TableSchema.Of(new(tables.Options.RepositoryTable, tables.Options.VersionTable, tables.Options.SearchTable))[0].ToRequest());
        await tables.PutLegacyRowAsync("web", "A farm");
        // Refused once, because of the table, the process looks again.
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
