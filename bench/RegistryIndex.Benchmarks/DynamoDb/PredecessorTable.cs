using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.Benchmarks.DynamoDb;

/// <summary>The table and the search of the Python predecessor. The search scans the whole table, filtered by <c>contains</c>.</summary>
internal sealed class PredecessorTable : IAsyncDisposable
{
    private const int Writers = 8;
    private readonly AmazonDynamoDBClient _client;
    private readonly string _table = "p" + Guid.NewGuid().ToString("n");

    private PredecessorTable(string endpoint) => _client = new(new BasicAWSCredentials("test", "test"), DynamoDbServer.ConfigFor(endpoint));

    public static async Task<PredecessorTable> CreateAsync(string endpoint)
    {
        var table = new PredecessorTable(endpoint);
        await table._client.CreateAsync(table._table, "name");
        return table;
    }

    public Task FillAsync(IEnumerable<Repository> repositories) => _client.WriteAllAsync(_table, repositories.Select(repository =>
    {
        Dictionary<string, AttributeValue> item = new() { ["name"] = new(repository.Name) };
        if (repository.Description is { } description)
            item["description"] = new(description);
        return new WriteRequest(new PutRequest(item));
    }), Writers);

    /// <summary>Reads all pages, as the predecessor does before it shows the first.</summary>
    public async Task<(double Units, int Requests)> ScanAsync(string query)
    {
        var (units, requests) = (0.0, 0);
        Dictionary<string, AttributeValue>? position = null;
        do
        {
            var request = new ScanRequest { TableName = _table, ExclusiveStartKey = position, ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL };
            if (query.Length > 0)
            {
                request.FilterExpression = "contains(#name, :text) OR contains(description, :text)";
                request.ExpressionAttributeNames = new() { ["#name"] = "name" };
                request.ExpressionAttributeValues = new() { [":text"] = new(query) };
            }

            var page = await _client.ScanAsync(request);
            units += page.ConsumedCapacity.CapacityUnits ?? 0;
            requests++;
            position = page.LastEvaluatedKey;
        }
        while (position is { Count: > 0 });
        return (units, requests);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DeleteTableAsync(_table);
        _client.Dispose();
    }
}
