using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Opening;
using RegistryIndex.DynamoDb.Tables;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>A table that is lost, restored or replaced never becomes an empty index, and never gives short answers for long.</summary>
public sealed class LostTableTests
{
    private static readonly Repository[] Repositories = [.. Enumerable.Range(0, 40).Select(number => new Repository($"team/web-{number:d2}", "A shop of the web"))];

    [Theory]
    [InlineData("search", "recreates it from the repositories.")]
    [InlineData("repository", "recreates it empty, so that the repositories must be loaded again.")]
    [InlineData("version", "recreates it.")]
    public async Task A_lost_table_is_reported_and_not_created_again(string lost, string anew)
    {
        await using var tables = await FilledAsync();
        await tables.DropAsync(NameOf(tables, lost));
        var left = await tables.EverythingAsync();
        var sentence = $"the table '{NameOf(tables, lost)}' is lost: it does not exist at {tables.Endpoint}, and *; restore it from a backup, or run `registry-index rebuild --create`, which {anew}";

        (await Awaiting(() => tables.OpenAsync()).Should().ThrowAsync<RegistryIndexException>().WithMessage("dynamodb initialize: " + sentence)).Which.MayRetry.Should().BeFalse();
        await Awaiting(() => tables.New().OpenForReadingAsync(TestIndexes.Stop)).Should().ThrowAsync<RegistryIndexException>().WithMessage("dynamodb open: " + sentence);
        (await tables.EverythingAsync()).Should().Equal(left, "nothing was created or written");
    }

    [Theory]
    [InlineData("search")]
    [InlineData("repository")]
    [InlineData("version")]
    public async Task A_running_index_reports_a_lost_table_and_recovers_when_the_table_is_back(string lost)
    {
        await using var tables = await TestIndexes.NewAsync();
        var time = tables.Time;
        var index = await tables.OpenAsync(time: time);
        await FillAsync(index);
        await index.ShouldFindAsync(Repositories);
        var name = NameOf(tables, lost);
        var items = await tables.ItemsOfAsync(name);
        await tables.DropAsync(name);
        time.Advance(TableWatch.Trusted);
        foreach (var call in CallsOf(index))
            await call.Should().ThrowAsync<RegistryIndexException>().WithMessage($"*the table '{name}' is lost: *`registry-index rebuild --create`*");

        await CreateAsync(tables, lost);
        await PutAsync(tables, name, items);
        await index.ShouldFindAsync(Repositories);
        await TestIndexes.AdoptedAsync(index);
        await index.ShouldFindAsync(Repositories);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Theory]
    [InlineData("search")]
    [InlineData("version")]
    public async Task A_lost_table_is_created_again_on_request(string lost)
    {
        await using var tables = await FilledAsync();
        await tables.DropAsync(NameOf(tables, lost));
        var index = tables.New();
        (await new DynamoDbMaintenance(index).CreateLostTablesAsync(TestIndexes.Stop)).Should().Equal(NameOf(tables, lost));
        await index.InitializeAsync(TestIndexes.Stop);
        await TestIndexes.AdoptedAsync(index);
        await index.ShouldFindAsync(Repositories);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
        (await new DynamoDbMaintenance(index).CreateLostTablesAsync(TestIndexes.Stop)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("version", "an")]
    [InlineData("version repository", "an")]
    [InlineData("version repository", "bn")]
    public async Task Postings_of_any_layout_are_recognized_as_those_of_an_index(string lost, string partition)
    {
        await using var tables = await FilledAsync();
        foreach (var one in lost.Split(' '))
            await tables.DropAsync(NameOf(tables, one));
        await tables.DropAsync(tables.Options.SearchTable);
        await CreateAsync(tables, "search");
        await PutAsync(tables, tables.Options.SearchTable, [new() { ["p"] = new(partition), ["s"] = new(" team/web-00 0123456789abcdef01234567") }]);
        if (lost == "version")
        {
            foreach (var row in await tables.RowsAsync())
                await tables.Client.DeleteItemAsync(tables.Options.RepositoryTable, Writing.RepositoryRow.KeyOf(row.Name), TestIndexes.Stop);
        }

        await Awaiting(() => tables.OpenAsync()).Should().ThrowAsync<RegistryIndexException>().WithMessage($"*is lost: *the table '{tables.Options.SearchTable}' holds postings; *");
        await Awaiting(() => tables.New().OpenForReadingAsync(TestIndexes.Stop)).Should().ThrowAsync<RegistryIndexException>().WithMessage("*is lost: *");
    }

    [Fact]
    public async Task A_rebuild_counts_every_row_also_those_that_the_background_adoption_completed()
    {
        const int Rows = 600; // more than one page of the adoption
        await using var tables = await TestIndexes.NewAsync();
        await using (var index = await tables.OpenAsync())
            await index.ImportAsync(Enumerable.Range(0, Rows).Select(number => new Repository($"r{number:d3}")).ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        await tables.DropAsync(tables.Options.SearchTable);
        var rebuilt = tables.New();
        await new DynamoDbMaintenance(rebuilt).CreateLostTablesAsync(TestIndexes.Stop);
        await rebuilt.InitializeAsync(TestIndexes.Stop);
        (await new DynamoDbMaintenance(rebuilt).RebuildAsync(cancellationToken: TestIndexes.Stop)).Should().Be(Rows);
        await IndexAssertions.NothingIsMissingAsync(tables);
    }

    [Fact]
    public async Task Without_any_table_none_is_lost()
    {
        await using var tables = await TestIndexes.NewAsync();
        (await new DynamoDbMaintenance(tables.New()).CreateLostTablesAsync(TestIndexes.Stop)).Should().BeEmpty();
        (await tables.EverythingAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_search_table_that_another_process_created_again_is_noticed_within_thirty_seconds()
    {
        await using var tables = await TestIndexes.NewAsync();
        var time = tables.Time;
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client, time);
        await FillAsync(index);
        await tables.DropAsync(tables.Options.SearchTable);
        await CreateAsync(tables, "search");
        var hold = new TaskCompletionSource();
        client.Before = request => request is BatchWriteItemRequest ? hold.Task : Task.CompletedTask;

        time.Advance(TableWatch.Trusted);
        client.ResetCounts();
        (await index.SearchAsync(new("web", 100), TestIndexes.Stop)).Repositories.Should().HaveCount(Repositories.Length, "a scan answers until the postings are restored");
        client.CallsOf("DescribeTable").Should().Be(3);
        hold.SetResult();
        await TestIndexes.AdoptedAsync(index);
        await index.ShouldFindAsync(Repositories);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_refused_request_checks_the_tables_again()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await FillAsync(index);
        await tables.DropAsync(tables.Options.SearchTable);
        await Awaiting(() => index.SearchAsync(new("web"), TestIndexes.Stop)).Should().ThrowAsync<RegistryIndexException>();
        await CreateAsync(tables, "search");
        (await index.SearchAsync(new("web", 100), TestIndexes.Stop)).Repositories.Should().HaveCount(Repositories.Length);
    }

    [Fact]
    public async Task A_table_with_another_key_in_place_of_a_lost_one_is_reported_at_once()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await FillAsync(index);
        await tables.DropAsync(tables.Options.SearchTable);
        await tables.CreateAsync(new CreateTableRequest(tables.Options.SearchTable, [new("id", KeyType.HASH)])
        {
            AttributeDefinitions = [new("id", ScalarAttributeType.S)],
            BillingMode = BillingMode.PAY_PER_REQUEST,
        });
        Func<Task> search = () => index.SearchAsync(new("web"), TestIndexes.Stop);
        await search.Should().ThrowAsync<RegistryIndexException>();
        await search.Should().ThrowAsync<RegistryIndexException>().WithMessage("dynamodb search: the table '*-search' has the key (id S), and (p S, s S) was expected; name another table.");
    }

    [Fact]
    public async Task Unchanged_tables_cost_three_requests_and_no_units_in_thirty_seconds()
    {
        await using var tables = await TestIndexes.NewAsync();
        var time = tables.Time;
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client, time);
        await FillAsync(index);
        time.Advance(TableWatch.Trusted);
        client.ResetCounts();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => index.SearchAsync(new("absent"), TestIndexes.Stop)));
        (client.CallsOf("DescribeTable"), client.CallsOf("Scan"), client.CallsOf("GetItem"), client.CallsOf("Query")).Should().Be((3, 0, 0, 60));
    }

    [Theory]
    [InlineData("search")]
    [InlineData("repository")]
    [InlineData("repository version search")]
    public async Task Tables_restored_to_an_earlier_time_are_adopted_automatically(string restored)
    {
        await using var tables = await TestIndexes.NewAsync();
        var time = tables.Time;
        var index = await tables.OpenAsync(time: time);
        await index.ImportAsync(Repositories.Take(30).ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        var names = restored.Split(' ').ToDictionary(one => one, one => NameOf(tables, one));
        var earlier = new Dictionary<string, List<Dictionary<string, AttributeValue>>>();
        foreach (var name in names.Values)
            earlier[name] = await tables.ItemsOfAsync(name);
        await FillAsync(index);
        var changed = new Repository(Repositories[0].Name, "Other words");
        await index.UpsertAsync(changed, TestIndexes.Stop);
        await index.DeleteAsync(Repositories[1].Name, TestIndexes.Stop);
        foreach (var (table, name) in names)
        {
            await tables.DropAsync(name);
            await CreateAsync(tables, table);
            await PutAsync(tables, name, earlier[name]);
        }

        Repository[] expected = restored == "search" ? [changed, .. Repositories.Skip(2)] : [.. Repositories.Take(30)];
        time.Advance(TableWatch.Trusted);
        await index.ShouldFindAsync(expected);
        await TestIndexes.AdoptedAsync(index);
        await index.ShouldFindAsync(expected);
        await IndexAssertions.NothingIsMissingAsync(tables);
        var next = await tables.OpenAsync();
        (await next.IsAdoptedAsync(TestIndexes.Stop)).Should().BeTrue();
        await next.ShouldFindAsync(expected);
    }

    private static async Task<TestIndexes> FilledAsync()
    {
        var tables = await TestIndexes.NewAsync();
        await using var index = await tables.OpenAsync();
        await FillAsync(index);
        return tables;
    }

    private static Task<ImportResult> FillAsync(DynamoDbIndex index) => index.ImportAsync(Repositories.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);

    private static Func<Task>[] CallsOf(DynamoDbIndex index) =>
    [
        () => index.SearchAsync(new("web"), TestIndexes.Stop),
        async () => await index.ListAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop),
        async () => await index.ScanAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop),
        () => index.ReadMarkAsync("first-load", TestIndexes.Stop), // as the readiness check does
        () => index.GetStatusAsync(TestIndexes.Stop),
        () => new DynamoDbMaintenance(index).SweepAsync(cancellationToken: TestIndexes.Stop),
        () => new DynamoDbMaintenance(index).RebuildAsync(cancellationToken: TestIndexes.Stop),
    ];

    private static string NameOf(TestIndexes tables, string table) => $"{tables.Options.Database}-{table}";

    // Creates the table like another program: by hand, or by restoring a backup.
    private static Task CreateAsync(TestIndexes tables, string table)
    {
        var names = new TableNames(tables.Options.RepositoryTable, tables.Options.VersionTable, tables.Options.SearchTable);
        return tables.CreateAsync(TableSchema.Of(names).Single(schema => schema.Table == NameOf(tables, table)).ToRequest());
    }

    private static async Task PutAsync(TestIndexes tables, string table, List<Dictionary<string, AttributeValue>> items)
    {
        foreach (var portion in items.Chunk(25))
            await tables.Setup.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = new() { [table] = [.. portion.Select(item => new WriteRequest(new PutRequest(item)))] } }, TestIndexes.Stop);
    }

    private static Func<Task> Awaiting(Func<Task> call) => call;
}
