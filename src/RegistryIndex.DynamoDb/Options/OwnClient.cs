using Amazon.DynamoDBv2;

namespace RegistryIndex.DynamoDb;

/// <summary>The client that the options describe, if the application has none. The application cannot resolve it.</summary>
internal sealed class OwnClient(DynamoDbIndexOptions options) : IDisposable
{
    public AmazonDynamoDBClient Client { get; } = DynamoDbClient.Create(options);

    public void Dispose() => Client.Dispose();
}
