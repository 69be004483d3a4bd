using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>How tables are created, and which existing tables are refused.</summary>
public sealed class TableTests
{
    [Fact]
    public async Task Many_processes_that_start_at_once_without_tables_create_one_index()
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
    public async Task The_start_waits_for_a_slow_table()
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
    public async Task A_table_that_never_becomes_active_is_an_error_after_the_deadline()
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
        (await tables.ItemsOfAsync(tables.Options.VersionTable)).Should().ContainSingle("a predecessor reads the first row of a scan");
    }

    [Fact]
    public async Task A_mark_is_replaced_although_the_reply_is_lost()
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
    public async Task The_status_has_the_location_and_an_approximate_count()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await index.UpsertAsync(new("web"), TestIndexes.Stop);
        var status = await index.GetStatusAsync(TestIndexes.Stop);
        status.Should().Be(new IndexStatus { Provider = "dynamodb", Location = $"{tables.Options.RepositoryTable} at {tables.Endpoint}", Repositories = 1, IsEstimate = true });
    }
}
