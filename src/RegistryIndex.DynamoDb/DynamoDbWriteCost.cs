namespace RegistryIndex.DynamoDb;

/// <summary>Estimates what DynamoDB bills for writes; used by migrations.</summary>
internal sealed class DynamoDbWriteCost : IWriteCost
{
    public decimal DollarsPerMillionUnits => DynamoDbCost.DollarsPerMillionWriteUnits;

    public string Tariff => "on demand in us-east-1";

    public string LimitSetting => "extensions:dynamodb_index:max_write_units";

    public WriteEstimate Estimate(Repository repository, Repository? before) => DynamoDbCost.Of(repository, before);
}
