namespace RegistryIndex.DynamoDb.Searching;

/// <summary>
/// A search waits for DynamoDB, on a few connections at a time, and the SDK opens as many connections as are needed. This many searches use some
/// hundred connections, and keep more than two processors busy with reading the answers.
/// </summary>
internal sealed class DynamoDbCapacity : ISearchCapacity
{
    public int SearchesAtOnce => 64;
}
