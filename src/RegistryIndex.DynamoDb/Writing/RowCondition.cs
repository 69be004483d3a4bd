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
        }
        else if (read.Nonce is not null)
        {
            Expression = "#nonce = :read_nonce";
            Values[":read_nonce"] = new(read.Nonce);
        }
        else if (read.Stored is not null)
        {
            // A predecessor's row has nothing but its description to know it by.
            Expression = "attribute_exists(#key) AND attribute_not_exists(#nonce) AND #description = :read_description";
            Values[":read_description"] = new(read.Stored);
        }
        else
        {
            Expression = "attribute_exists(#key) AND attribute_not_exists(#nonce) AND NOT attribute_type(#description, :text)";
            Values[":text"] = new("S");
        }
    }

    public string Expression { get; }

    public Dictionary<string, AttributeValue> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The names that expressions use; DynamoDB refuses any others.</summary>
    public static Dictionary<string, string> NamesIn(string expressions) =>
        Names.Where(name => expressions.Contains(name.Key, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
}
