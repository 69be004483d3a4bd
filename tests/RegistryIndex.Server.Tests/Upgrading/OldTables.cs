using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.Server.Tests.Upgrading;

/// <summary>The tables of an index in DynamoDB: their definitions and items, in DynamoDB's own JSON.</summary>
internal static class OldTables
{
    private const string AdoptionMark = "mark_adoption-";

    public static async Task LoadAsync(string file, string endpoint, string prefix, CancellationToken cancellationToken)
    {
        using var client = new FaultyDynamoDb(endpoint);
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var items = new Dictionary<string, List<Dictionary<string, AttributeValue>>>(StringComparer.Ordinal);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            using var document = JsonDocument.Parse(line);
            var table = document.RootElement.GetProperty("table").GetString()!;
            if (document.RootElement.TryGetProperty("item", out var item))
            {
                items[table].Add(ToItem(item));
                continue;
            }

            await client.CreateTableAsync(ToRequest($"{prefix}-{table}", document.RootElement.GetProperty("definition")), cancellationToken);
            items[table] = [];
        }

        // The mark of a complete adoption contains the identity of its search table.
        var search = (await client.DescribeTableAsync($"{prefix}-search", cancellationToken)).Table;
        foreach (var version in items["version"])
        {
            version.Remove(version.Keys.Single(key => key.StartsWith(AdoptionMark, StringComparison.Ordinal)), out var mark);
            version[AdoptionMark + LettersOf(search)] = mark!;
        }

        var portions = items.SelectMany(table => table.Value.Chunk(25).Select(portion => (table.Key, portion)));
        await Parallel.ForEachAsync(portions, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (one, cancelled) =>
        {
            var writes = one.portion.Select(item => new WriteRequest(new PutRequest(item))).ToList();
            await client.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = new() { [$"{prefix}-{one.Key}"] = writes } }, cancelled);
        });
    }

    /// <summary>The content of all tables, as text.</summary>
    public static async Task<List<string>> ReadAsync(string endpoint, string prefix, CancellationToken cancellationToken)
    {
        using var client = new FaultyDynamoDb(endpoint);
        var items = new List<string>();
        foreach (var table in new[] { "repository", "version", "search" })
        {
            await foreach (var page in client.Paginators.Scan(new ScanRequest { TableName = $"{prefix}-{table}" }).Responses.WithCancellation(cancellationToken))
                items.AddRange((page.Items ?? []).Select(item => $"{table} {string.Join(',', item.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value.S ?? one.Value.N}"))}"));
        }

        items.Sort(StringComparer.Ordinal);
        return items;
    }

    private static CreateTableRequest ToRequest(string table, JsonElement definition) => new()
    {
        TableName = table,
        BillingMode = new(definition.GetProperty("BillingMode").GetString()),
        KeySchema = ToKeys(definition),
        AttributeDefinitions = [.. definition.GetProperty("AttributeDefinitions").EnumerateArray().Select(one => new AttributeDefinition(Text(one, "AttributeName"), new ScalarAttributeType(Text(one, "AttributeType"))))],
        ProvisionedThroughput = definition.TryGetProperty("ProvisionedThroughput", out var throughput) ? ToThroughput(throughput) : null,
        GlobalSecondaryIndexes = definition.TryGetProperty("GlobalSecondaryIndexes", out var indexes)
            ? [.. indexes.EnumerateArray().Select(index => new GlobalSecondaryIndex
            {
                IndexName = Text(index, "IndexName"),
                KeySchema = ToKeys(index),
                Projection = new() { ProjectionType = new(Text(index.GetProperty("Projection"), "ProjectionType")) },
                ProvisionedThroughput = ToThroughput(index.GetProperty("ProvisionedThroughput")),
            })]
            : null,
    };

    private static List<KeySchemaElement> ToKeys(JsonElement definition) =>
        [.. definition.GetProperty("KeySchema").EnumerateArray().Select(one => new KeySchemaElement(Text(one, "AttributeName"), new KeyType(Text(one, "KeyType"))))];

    private static ProvisionedThroughput ToThroughput(JsonElement throughput) =>
        new(throughput.GetProperty("ReadCapacityUnits").GetInt64(), throughput.GetProperty("WriteCapacityUnits").GetInt64());

    private static Dictionary<string, AttributeValue> ToItem(JsonElement item) => item.EnumerateObject().ToDictionary(
        attribute => attribute.Name,
        attribute => attribute.Value.EnumerateObject().Single() switch
        {
            { Name: "S" } text => new AttributeValue(text.Value.GetString()),
            { Name: "N" } number => new AttributeValue { N = number.Value.GetString() },
            var other => throw new NotSupportedException($"The fixture has an attribute of the type {other.Name}; read it here."),
        },
        StringComparer.Ordinal);

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    // The format of the releases. With another format, the program repeats the adoption, which does no harm and which the test of writes detects.
    private static string LettersOf(TableDescription table)
    {
        var identity = SHA256.HashData(Encoding.UTF8.GetBytes($"{table.TableId} {table.CreationDateTime:O}"));
        return string.Concat(identity.Take(12).Select(value => $"{(char)('a' + (value >> 4))}{(char)('a' + (value & 15))}"));
    }
}
