using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>How tables come to be, and which ones are refused.</summary>
public sealed class TableTests
{
    [Fact]
    public async Task Many_processes_that_start_at_once_on_no_tables_all_find_one_index()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        client.Delay = TimeSpan.FromMilliseconds(20);
        var indexes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tables.OpenAsync(client)));
        foreach (var index in indexes)
            await TestIndexes.AdoptedAsync(index);
        (await tables.ItemsOfAsync(tables.Options.VersionTable)).Should().ContainSingle().Which["version"].N.Should().Be("1");
        await indexes[0].UpsertAsync(new("web", "A web shop"), TestIndexes.Stop);
        foreach (var index in indexes)
            (await index.SearchAsync(new SearchRequest("shop"), TestIndexes.Stop)).Repositories.Should().ContainSingle();
        var described = await tables.Client.DescribeTableAsync(tables.Options.SearchTable, TestIndexes.Stop);
        described.Table.BillingModeSummary.BillingMode.Should().Be(BillingMode.PAY_PER_REQUEST);
    }

    [Fact]
    public async Task A_table_that_takes_its_time_is_waited_for()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var looks = 0;
        client.After = (request, response) =>
        {
            if (request is not DescribeTableRequest)
                return Task.CompletedTask;
            looks++;
            if (looks is > 5 and < 10)
                throw new ResourceNotFoundException("not to be seen yet") { ErrorCode = "ResourceNotFoundException" };
            if (looks < 15)
                ((DescribeTableResponse)response).Table.TableStatus = TableStatus.CREATING;
            return Task.CompletedTask;
        };
        var index = await tables.OpenAsync(client);
        (await index.UpsertAsync(new("web"), TestIndexes.Stop)).Should().Be(UpsertOutcome.Added);
        looks.Should().BeGreaterThan(14);
    }

    [Fact]
    public async Task A_table_that_never_comes_is_an_error_after_the_deadline()
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.TableTimeout = 1;
        using var client = tables.NewClient();
        client.After = (_, response) =>
        {
            if (response is DescribeTableResponse described)
                described.Table.TableStatus = TableStatus.CREATING;
            return Task.CompletedTask;
        };
        var open = () => tables.OpenAsync(client);
        (await open.Should().ThrowAsync<RegistryIndexException>().WithMessage("dynamodb initialize: the table '*' is CREATING after 1 seconds (table_timeout); try again later."))
            .Which.MayRetry.Should().BeTrue();
    }

    [Fact]
    public async Task Another_key_is_refused_with_what_was_found_and_what_was_expected()
    {
        await using var tables = await TestIndexes.NewAsync();
        var table = tables.Options.SearchTable;
        await tables.Client.CreateTableAsync(new CreateTableRequest
        {
            TableName = table,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            KeySchema = [new("id", KeyType.HASH)],
            AttributeDefinitions = [new("id", ScalarAttributeType.N)],
        }, TestIndexes.Stop);
        var open = () => tables.OpenAsync();
        await open.Should().ThrowAsync<RegistryIndexException>()
            .WithMessage($"dynamodb initialize: the table '{table}' has the key (id N), and (p S, s S) was expected; name another table.");
        (await tables.ItemsOfAsync(table)).Should().BeEmpty();
    }

    [Fact]
    public async Task An_unknown_schema_version_is_refused_and_nothing_is_written()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.MakeLegacyTablesAsync(version: 2);
        var open = () => tables.OpenAsync();
        await open.Should().ThrowAsync<RegistryIndexException>()
            .WithMessage($"dynamodb initialize: the table '{tables.Options.VersionTable}' says schema version 2, and this program knows version 1;*");
        (await tables.ItemsOfAsync(tables.Options.VersionTable)).Should().ContainSingle().Which.Should().HaveCount(1);
    }

    [Fact]
    public async Task An_unknown_layout_is_refused()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.MakeLegacyTablesAsync();
        await tables.Client.PutItemAsync(tables.Options.VersionTable, new() { ["version"] = new() { N = "1" }, ["layout"] = new("z") }, TestIndexes.Stop);
        var open = () => tables.OpenAsync();
        await open.Should().ThrowAsync<RegistryIndexException>().WithMessage("*layout 'z'*knows 'a'*");
    }

    [Fact]
    public async Task Without_leave_to_create_tables_a_missing_one_is_an_error()
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.CreateTables = false;
        var open = () => tables.OpenAsync();
        await open.Should().ThrowAsync<RegistryIndexException>().WithMessage("dynamodb initialize: there is no table '*' at *, and create_tables is off: *");
        var list = await tables.Client.ListTablesAsync(new ListTablesRequest { ExclusiveStartTableName = tables.Options.Database }, TestIndexes.Stop);
        list.TableNames.Should().NotContain(name => name.StartsWith(tables.Options.Database, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_start_writes_nothing_and_reads_little()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.OpenAsync();
        using var client = tables.NewClient();
        await tables.OpenAsync(client);
        client.Calls.Should().Be(5);
        (client.CallsOf("DescribeTable"), client.CallsOf("Scan"), client.CallsOf("GetItem")).Should().Be((3, 1, 1));
    }

    [Fact]
    public async Task Marks_are_attributes_of_the_one_row_of_the_version_table()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        foreach (var name in new[] { "first-load", "sync" })
            (await index.TryReplaceMarkAsync(name, null, "text", TestIndexes.Stop)).Should().BeTrue();
        (await tables.ItemsOfAsync(tables.Options.VersionTable)).Should().ContainSingle("a predecessor takes the first row of a scan");
    }

    [Fact]
    public async Task A_mark_whose_reply_is_lost_is_replaced_all_the_same()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        var loses = true;
        client.After = (request, _) =>
        {
            if (request is not UpdateItemRequest || !loses)
                return Task.CompletedTask;
            loses = false;
            throw new HttpRequestException("reply lost by the test");
        };
        (await index.TryReplaceMarkAsync("load", null, "mine", TestIndexes.Stop)).Should().BeTrue();
        loses.Should().BeFalse();
    }

    [Fact]
    public async Task The_status_says_where_and_about_how_many()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await index.UpsertAsync(new("web"), TestIndexes.Stop);
        var status = await index.GetStatusAsync(TestIndexes.Stop);
        status.Should().Be(new IndexStatus("dynamodb", $"{tables.Options.RepositoryTable} at {tables.Endpoint}", 1, IsEstimate: true));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.RetryTimeout = 0;
        tables.Options.Endpoint = "http://127.0.0.1:9";
        using var client = new FaultyDynamoDb(tables.Options.Endpoint);
        var open = () => tables.OpenAsync(client);
        (await open.Should().ThrowAsync<RegistryIndexException>().WithMessage("dynamodb initialize: http://127.0.0.1:9 did not answer for the table '*' (*); check endpoint, region and network."))
            .Which.MayRetry.Should().BeTrue();
    }
}
