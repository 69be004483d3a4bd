using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Configuration;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The permissions in docs/dynamodb.md are sufficient, and each of them is necessary.</summary>
public sealed class PermissionsTests
{
    private static CancellationToken Stop => TestIndexes.Stop;

    [Fact]
    public async Task The_policy_of_the_document_allows_exactly_the_operations_of_a_search()
    {
        await using var tables = await TestIndexes.NewAsync();
        var writer = await tables.OpenAsync();
        await writer.UpsertAsync(new("team/shop/web", "A web shop"), Stop);

        using var client = new LimitedClient(tables, DocumentedPolicies.Search);
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
    public async Task The_further_policies_allow_exactly_the_operations_of_writing_sweeping_and_creating()
    {
        await using var tables = await TestIndexes.NewAsync();
        (tables.Options.PointInTimeRecovery, tables.Options.Tags) = (true, "team=platform");
        using var client = new LimitedClient(tables, DocumentedPolicies.Create);
        client.Client.Backups = _ => new();
        client.Client.IsRecoverable = _ => true;
        var index = await tables.OpenAsync(client.Client);
        await WriteAsync(index);
        client.Unused.Should().BeEmpty();
    }

    [Fact]
    public async Task With_existing_tables_the_permission_to_write_is_enough()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.OpenAsync();
        using var client = new LimitedClient(tables, DocumentedPolicies.Write);
        await WriteAsync(await tables.OpenAsync(client.Client));
        client.Unused.Should().BeEmpty();
    }

    [Fact]
    public async Task The_conformance_kit_needs_no_permission_on_the_tables_of_the_index()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = new LimitedClient(tables, DocumentedPolicies.Conformance);
        var sender = new Requests.RequestSender(client.Client, tables.Endpoint, TimeSpan.FromSeconds(30), new Requests.RequestMetrics(tables.Meters), TimeProvider.System);
        await using (var place = await Tables.ScratchTables.CreateAsync(sender, tables.Options, "registry_index_scratch_0_1", Stop))
        {
            var configured = new ConfigurationBuilder().AddInMemoryCollection(place.Settings).Build().GetSection("extensions:dynamodb_index");
            tables.Options.Database = configured["database"]!;
            (tables.Options.RepositoryTable, tables.Options.VersionTable, tables.Options.SearchTable) = (configured["repository_table"]!, configured["version_table"]!, configured["search_table"]!);
            await WriteAsync(await tables.OpenAsync(client.Client));
        }

        client.Unused.Should().BeEmpty();
    }

    // All operations of a process that may write.
    private static async Task WriteAsync(DynamoDbIndex index)
    {
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
        (await index.ScanAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().HaveCount(2);
        await index.GetStatusAsync(Stop);
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
            string[] kinds = request is CreateTableRequest { Tags.Count: > 0 } ? [kind, "TagResource"] : [kind]; // as AWS requires both
            foreach (var action in TablesOf(request).SelectMany(table => kinds.Select(one => $"{one} {TableOf(table[_prefix.Length..])}")))
            {
                if (!_allowed.TryUpdate(action, true, false) && !_allowed.ContainsKey(action))
                    throw new AmazonDynamoDBException($"denied: {action}") { ErrorCode = "AccessDeniedException" };
            }

            return Task.CompletedTask;
        }

        private static string TableOf(string name) => name.StartsWith("registry_index_scratch_", StringComparison.Ordinal) ? DocumentedPolicies.Scratch : name;

        private static IEnumerable<string> TablesOf(AmazonDynamoDBRequest request) => request switch
        {
            BatchGetItemRequest batch => batch.RequestItems.Keys,
            BatchWriteItemRequest batch => batch.RequestItems.Keys,
            _ => [(string)request.GetType().GetProperty("TableName")!.GetValue(request)!],
        };
    }
}
