using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>The key of a table: it is created with this key, and an existing table must have it.</summary>
internal sealed record TableSchema(string Table, params IReadOnlyList<(string Attribute, string Type)> Key)
{
    public static IReadOnlyList<TableSchema> Of(TableNames names) =>
    [
        new(names.Repository, (RepositoryRow.NameAttribute, "S")),
        new(names.Version, (VersionRow.KeyAttribute, "N")),
        new(names.Search, (Posting.PartitionAttribute, "S"), (Posting.SortAttribute, "S")),
    ];

    public CreateTableRequest ToRequest() => new()
    {
        TableName = Table,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        KeySchema = [.. Key.Select((part, place) => new KeySchemaElement(part.Attribute, place == 0 ? KeyType.HASH : KeyType.RANGE))],
        AttributeDefinitions = [.. Key.Select(part => new AttributeDefinition(part.Attribute, part.Type))],
    };

    /// <summary>Describes the problem of an existing table; null if there is none.</summary>
    public string? FindProblem(TableDescription table)
    {
        // In a global table, the later of two writes in two regions wins, even if its condition does not hold. A row
        // could then refer to postings that are gone.
        if (table.Replicas is { Count: > 0 } || !string.IsNullOrEmpty(table.GlobalTableVersion))
        {
            var regions = string.Join(", ", (table.Replicas ?? []).Select(replica => replica.RegionName));
            return $"the table '{Table}' is a global table{(regions.Length > 0 ? $" with replicas in {regions}" : "")}, in which conditional writes of two regions do not see each other; name a table of one region.";
        }

        var types = (table.AttributeDefinitions ?? []).ToDictionary(definition => definition.AttributeName, definition => definition.AttributeType.Value, StringComparer.Ordinal);
        // The partition key is listed first.
        var found = (table.KeySchema ?? []).Select(part => (part.AttributeName, types.GetValueOrDefault(part.AttributeName, "?"))).ToList();
        return found.SequenceEqual(Key) ? null : $"the table '{Table}' has the key {Show(found)}, and {Show(Key)} was expected; name another table.";
    }

    private static string Show(IEnumerable<(string Attribute, string Type)> key) =>
        $"({string.Join(", ", key.Select(part => $"{part.Attribute} {part.Type}"))})";
}
