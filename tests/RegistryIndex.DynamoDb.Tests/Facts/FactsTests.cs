namespace RegistryIndex.DynamoDb.Tests.Facts;

/// <summary>Facts in the row of their repository.</summary>
public sealed class FactsTests
{
    private static readonly Repository Web = new("team/web", "A web shop", PushedTexts.Usual(60));

    private static CancellationToken Stop => TestIndexes.Stop;

    [Fact]
    public async Task Facts_are_returned_by_every_operation_that_reads_repositories()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        Repository[] repositories = [new("other"), Web, new("team/worker", "A shop, too", PushedTexts.Largest(null))];
        (await index.ImportAsync(repositories.ToAsyncEnumerable(), cancellationToken: Stop)).Added.Should().Be(3);
        foreach (var repository in repositories)
            (await index.GetAsync(repository.Name, Stop)).Should().Be(repository);
        await index.ShouldFindAsync(repositories);
        (await index.ListAsync(null, 2, Stop).ToListAsync(Stop)).Should().Equal(repositories[..2]);
        (await index.ScanAsync().ToListAsync(Stop)).Should().BeEquivalentTo(repositories);
        (await index.ImportAsync(repositories.ToAsyncEnumerable(), cancellationToken: Stop)).Unchanged.Should().Be(3);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_push_changes_only_the_facts_and_keeps_the_postings_of_words()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        await index.UpsertAsync(Web, Stop);
        var before = (await tables.RowsAsync()).Single();
        var pushed = new Repository(Web.Name, Web.Description, PushedTexts.Usual(120));

        (await index.UpsertAsync(pushed, Stop)).Should().Be(UpsertOutcome.Updated);
        var after = (await tables.RowsAsync()).Single();
        (after.Nonce, after.NameNonce, after.Repository).Should().Be((before.Nonce, before.NameNonce, pushed));
        after.FactsNonce.Should().NotBe(before.FactsNonce);
        await index.ShouldFindAsync([pushed]);

        client.ResetCounts();
        (await index.UpsertAsync(Web, Stop)).Should().Be(UpsertOutcome.Unchanged, "a push time never goes back");
        (await index.UpsertAsync(new(Web.Name, Web.Description), Stop)).Should().Be(UpsertOutcome.Unchanged, "the push time is kept");
        (client.CallsOf("UpdateItem"), client.CallsOf("BatchWriteItem")).Should().Be((0, 0));
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_write_without_facts_keeps_them_and_a_delete_removes_them()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await index.UpsertAsync(Web, Stop);
        (await index.UpsertAsync(new(Web.Name, "A new text"), Stop)).Should().Be(UpsertOutcome.Updated);
        await index.ShouldFindAsync([new(Web.Name, "A new text", Web.Facts)]);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
        (await index.DeleteAsync(Web.Name, Stop)).Should().BeTrue();
        await index.UpsertAsync(new(Web.Name, "A new text"), Stop);
        await index.ShouldFindAsync([new(Web.Name, "A new text")]);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task Unreadable_facts_count_as_none_and_are_replaced_by_the_next_write()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await index.UpsertAsync(Web, Stop);
        await tables.Setup.UpdateItemAsync(
            tables.Options.RepositoryTable, Writing.RepositoryRow.KeyOf(Web.Name), new() { ["facts"] = new() { Action = Amazon.DynamoDBv2.AttributeAction.PUT, Value = new("{\"tag\":7}") } }, Stop);
        var reopened = await tables.OpenAsync();
        await reopened.ShouldFindAsync([new(Web.Name, Web.Description)]);
        (await reopened.UpsertAsync(Web, Stop)).Should().Be(UpsertOutcome.Updated);
        await reopened.ShouldFindAsync([Web]);
        await tables.SweepAsync(reopened);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task An_index_without_facts_can_be_searched_at_once_and_gets_facts_with_each_write()
    {
        await using var tables = await TestIndexes.NewAsync();
        Repository[] before = [new("team/api", "A web"), new("team/web", "A web shop"), new("team/worker")];
        await (await tables.OpenAsync()).ImportAsync(before.ToAsyncEnumerable(), cancellationToken: Stop);
        await SetPushShardsAsync(tables, null);

        var reading = tables.New();
        (await reading.OpenForReadingAsync(Stop)).Should().Be(SourceState.Searchable);
        await reading.ShouldFindAsync(before);
        (await PushShardsAsync(tables)).Should().BeNull("a reader writes nothing");

        var index = await tables.OpenAsync();
        (await PushShardsAsync(tables)).Should().Be("4");
        await index.ShouldFindAsync(before);
        Repository[] after = [new("team/api", "A web"), Web, new("team/worker", facts: PushedTexts.Usual(30))];
        (await index.ImportAsync(after.ToAsyncEnumerable(), cancellationToken: Stop)).Should().Be(new ImportResult { Updated = 2, Unchanged = 1 });
        await index.ShouldFindAsync(after);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task Another_number_of_partitions_is_refused_with_both_numbers()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.OpenAsync();
        await SetPushShardsAsync(tables, "16");
        (await FluentActions.Awaiting(() => tables.OpenAsync()).Should().ThrowAsync<RegistryIndexException>()).WithMessage("*postings by push are in 16 partitions, and this program knows 4; use a newer program*");
        (await PushShardsAsync(tables)).Should().Be("16");
    }

    private static async Task SetPushShardsAsync(TestIndexes tables, string? shards) => await tables.Setup.UpdateItemAsync(
        tables.Options.VersionTable, new() { ["version"] = new() { N = "1" } },
        new() { ["push_shards"] = shards is null ? new() { Action = Amazon.DynamoDBv2.AttributeAction.DELETE } : new() { Action = Amazon.DynamoDBv2.AttributeAction.PUT, Value = new() { N = shards } } }, Stop);

    private static async Task<string?> PushShardsAsync(TestIndexes tables) =>
        (await tables.ItemsOfAsync(tables.Options.VersionTable)).Single().GetValueOrDefault("push_shards")?.N;
}
