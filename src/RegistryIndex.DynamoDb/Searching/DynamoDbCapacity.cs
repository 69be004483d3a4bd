namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// A search waits for DynamoDB, on a few connections at a time, and the SDK opens as many as are wanted. So many searches keep some hundred of them
/// busy, and more than two processors that read the answers.
/// </summary>
internal sealed class DynamoDbCapacity : ISearchCapacity
{
    public int SearchesAtOnce => 64;
}
