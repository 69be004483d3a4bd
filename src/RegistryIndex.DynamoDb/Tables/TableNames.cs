namespace RegistryIndex.DynamoDb.Tables;

/// <summary>The three tables of an index.</summary>
internal sealed record TableNames(string Repository, string Version, string Search);
