using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.Benchmarks.DynamoDb;

/// <summary>Plain requests to DynamoDB, without an index.</summary>
internal static class PlainRequests
{
    private const int BatchSize = 25;

    /// <summary>Reads a whole table.</summary>
    public static async Task<List<WriteRequest>> AllAsync(this IAmazonDynamoDB client, string table)
    {
        List<WriteRequest> items = [];
        Dictionary<string, AttributeValue>? position = null;
        do
        {
            var page = await client.ScanAsync(new ScanRequest { TableName = table, ExclusiveStartKey = position });
            items.AddRange((page.Items ?? []).Select(item => new WriteRequest(new PutRequest(item))));
            position = page.LastEvaluatedKey;
        }
        while (position is { Count: > 0 });
        return items;
    }

    /// <summary>Writes items in full batches, several at a time.</summary>
    public static Task WriteAllAsync(this IAmazonDynamoDB client, string table, IEnumerable<WriteRequest> items, int writers) => Parallel.ForEachAsync(
        items.Chunk(BatchSize), new ParallelOptions { MaxDegreeOfParallelism = writers }, async (batch, cancellationToken) =>
        {
            List<WriteRequest>? left = [.. batch];
            while (left is { Count: > 0 })
            {
                var response = await client.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = new() { [table] = left } }, cancellationToken);
                left = response.UnprocessedItems?.GetValueOrDefault(table);
            }
        });

    public static Task CreateAsync(this IAmazonDynamoDB client, string table, params string[] keys) => client.CreateTableAsync(new CreateTableRequest
    {
        TableName = table,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        KeySchema = [.. keys.Select((key, place) => new KeySchemaElement(key, place == 0 ? KeyType.HASH : KeyType.RANGE))],
        AttributeDefinitions = [.. keys.Select(key => new AttributeDefinition(key, ScalarAttributeType.S))],
    });
}
