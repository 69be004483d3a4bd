using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>The DynamoDB condition that the stored row is still the one that was read.</summary>
internal sealed class RowCondition
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["#key"] = RepositoryRow.NameAttribute,
        ["#description"] = RepositoryRow.DescriptionAttribute,
        ["#nonce"] = RepositoryRow.NonceAttribute,
        ["#of_name"] = RepositoryRow.NameNonceAttribute,
        ["#facts"] = RepositoryRow.FactsAttribute,
        ["#of_facts"] = RepositoryRow.FactsNonceAttribute,
    };

    public RowCondition(RepositoryRow? read)
    {
        if (read is null)
        {
            Expression = "attribute_not_exists(#key)";
            return;
        }

        // Each of our writes has its own nonce, even a write of the facts alone. A predecessor's write has none, or keeps the previous one, so
        // the condition also compares the description.
        Expression = "attribute_exists(#key) AND " + (read.Nonce is null ? "attribute_not_exists(#nonce)" : "#nonce = :read_nonce")
            + " AND " + (read.FactsNonce is null ? "attribute_not_exists(#of_facts)" : "#of_facts = :read_of_facts")
            + " AND " + (read.Stored is null ? "NOT attribute_type(#description, :text)" : "#description = :read_description");
        if (read.Nonce is not null)
            Values[":read_nonce"] = new(read.Nonce);
        if (read.FactsNonce is not null)
            Values[":read_of_facts"] = new(read.FactsNonce);
        if (read.Stored is null)
            Values[":text"] = new("S");
        else
            Values[":read_description"] = new(read.Stored);
    }

    public string Expression { get; }

    public Dictionary<string, AttributeValue> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The attribute names that expressions use. DynamoDB refuses unused names.</summary>
    public static Dictionary<string, string> NamesIn(string expressions) =>
        Names.Where(name => expressions.Contains(name.Key, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
}
