using Amazon.DynamoDBv2;

namespace RegistryIndex.DynamoDb;

/// <summary>The client that the options describe, where the application has none; not handed to it.</summary>
internal sealed class OwnClient(DynamoDbIndexOptions options) : IDisposable
{
    public AmazonDynamoDBClient Client { get; } = DynamoDbClient.Create(options);

    public void Dispose() => Client.Dispose();
}
