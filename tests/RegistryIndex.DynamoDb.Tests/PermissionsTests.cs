using System.Collections.Concurrent;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.Testing;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The permissions that docs/dynamodb.md names are enough, and none of them is too much.</summary>
public sealed class PermissionsTests
{
    private const string Document = "docs/dynamodb.md";
    private static CancellationToken Stop => TestIndexes.Stop;

    [Fact]
    public async Task The_policy_of_the_document_is_what_a_search_needs()
    {
        await using var tables = await TestIndexes.NewAsync();
        var writer = await tables.OpenAsync();
        await writer.UpsertAsync(new("team/shop/web", "A web shop"), Stop);

        using var client = new LimitedClient(tables, Policy());
        (await tables.New(client.Client).OpenForReadingAsync(Stop)).Should().Be(SourceState.Searchable);
        var reader = await tables.OpenAsync(client.Client);
        (await reader.SearchAsync(new("shop"), Stop)).Repositories.Should().ContainSingle();
        (await reader.GetAsync("team/shop/web", Stop)).Should().NotBeNull();
        (await reader.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().ContainSingle();
        await reader.GetStatusAsync(Stop);
        (await reader.ScanAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().ContainSingle();

        var denied = () => reader.UpsertAsync(new("team/new", ""), Stop);
        (await denied.Should().ThrowAsync<RegistryIndexException>()).Which.Message.Should().Contain("denied");
        client.Unused.Should().BeEmpty();
    }

    [Fact]
    public async Task What_the_document_adds_is_what_writing_sweeping_and_creating_need()
    {
        var text = string.Join(' ', File.ReadAllText(Checkout.PathOf("docs", "dynamodb.md")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        text.Should().Contain("`dynamodb:UpdateItem` and `dynamodb:DeleteItem` on the repository table, `dynamodb:UpdateItem` on the version table, "
            + "`dynamodb:BatchWriteItem` and `dynamodb:Scan` on the search table. To create missing tables: `dynamodb:CreateTable` on all three.");
        var policy = Policy();
        policy.UnionWith(["UpdateItem repository", "DeleteItem repository", "UpdateItem version", "BatchWriteItem search", "Scan search"]);
        policy.UnionWith(["CreateTable repository", "CreateTable version", "CreateTable search"]);

        await using var tables = await TestIndexes.NewAsync();
        using var client = new LimitedClient(tables, policy);
        var index = await tables.OpenAsync(client.Client);
        await index.UpsertAsync(new("team/shop/web", "A web shop"), Stop);
        await index.UpsertAsync(new("team/shop/web", "A better web shop"), Stop);
        await index.ImportAsync(new Repository[] { new("team/api", "Behind the shop"), new("team/old") }.ToAsyncEnumerable(), cancellationToken: Stop);
        await index.DeleteAsync("team/old", Stop);
        (await index.TryReplaceMarkAsync("a-mark", null, "here", Stop)).Should().BeTrue();
        (await index.SearchAsync(new("shop"), Stop)).Repositories.Should().HaveCount(2);
        var maintenance = new DynamoDbMaintenance(index);
        await maintenance.SweepAsync(cancellationToken: Stop);
        await maintenance.RebuildAsync(cancellationToken: Stop);
        (await index.GetAsync("team/shop/web", Stop)).Should().NotBeNull();
        (await index.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().HaveCount(2);
        client.Unused.Should().BeEmpty();
    }

    // "Query search": an action, and the table that it is allowed on.
    private static HashSet<string> Policy()
    {
        using var policy = JsonDocument.Parse(Checkout.Snippet(Document, "json"));
        return [.. policy.RootElement.GetProperty("Statement").EnumerateArray().SelectMany(statement => statement.GetProperty("Action").EnumerateArray()
            .Select(action => $"{action.GetString()!.Split(':')[1]} {statement.GetProperty("Resource").GetString()!.Split("table/docker-registry-")[1]}"))];
    }

    private sealed class LimitedClient : IDisposable
    {
        private readonly ConcurrentDictionary<string, bool> _allowed;
        private readonly string _prefix;

        public LimitedClient(TestIndexes tables, IEnumerable<string> allowed)
        {
            _allowed = new(allowed.Select(action => KeyValuePair.Create(action, false)));
            _prefix = tables.Options.Database + "-";
            Client = tables.NewClient();
            Client.Before = CheckAsync;
        }

        public Testing.DynamoDb.FaultyDynamoDb Client { get; }

        public IEnumerable<string> Unused => _allowed.Where(action => !action.Value).Select(action => action.Key);

        public void Dispose() => Client.Dispose();

        private Task CheckAsync(AmazonDynamoDBRequest request)
        {
            var kind = request.GetType().Name[..^"Request".Length];
            foreach (var table in TablesOf(request))
            {
                var action = $"{kind} {table[_prefix.Length..]}";
                if (!_allowed.TryUpdate(action, true, false) && !_allowed.ContainsKey(action))
                    throw new AmazonDynamoDBException($"denied: {action}") { ErrorCode = "AccessDeniedException" };
            }

            return Task.CompletedTask;
        }

        private static IEnumerable<string> TablesOf(AmazonDynamoDBRequest request) => request switch
        {
            BatchGetItemRequest batch => batch.RequestItems.Keys,
            BatchWriteItemRequest batch => batch.RequestItems.Keys,
            _ => [(string)request.GetType().GetProperty("TableName")!.GetValue(request)!],
        };
    }
}
