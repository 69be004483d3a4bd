using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>Says in DynamoDB's words that the stored row still is what was read.</summary>
internal sealed class RowCondition
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["#key"] = RepositoryRow.NameAttribute,
        ["#description"] = RepositoryRow.DescriptionAttribute,
        ["#nonce"] = RepositoryRow.NonceAttribute,
        ["#of_name"] = RepositoryRow.NameNonceAttribute,
    };

    public RowCondition(RepositoryRow? read)
    {
        if (read is null)
        {
            Expression = "attribute_not_exists(#key)";
            return;
        }

        // Each write of ours has a nonce of its own. A predecessor's has none, or leaves that of the write before: its description tells.
        Expression = "attribute_exists(#key) AND " + (read.Nonce is null ? "attribute_not_exists(#nonce)" : "#nonce = :read_nonce")
            + " AND " + (read.Stored is null ? "NOT attribute_type(#description, :text)" : "#description = :read_description");
        if (read.Nonce is not null)
            Values[":read_nonce"] = new(read.Nonce);
        if (read.Stored is null)
            Values[":text"] = new("S");
        else
            Values[":read_description"] = new(read.Stored);
    }

    public string Expression { get; }

    public Dictionary<string, AttributeValue> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The names that expressions use; DynamoDB refuses any others.</summary>
    public static Dictionary<string, string> NamesIn(string expressions) =>
        Names.Where(name => expressions.Contains(name.Key, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
}
