using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>A row of the repository table, which a predecessor may have written.</summary>
/// <param name="Name">The name.</param>
/// <param name="Stored">The description as it is stored: a predecessor's may be empty or too long.</param>
/// <param name="NameNonce">The attempt whose postings of the name count; null in a predecessor's row.</param>
/// <param name="Nonce">The attempt whose postings of the description count, new with every write; null in a predecessor's row.</param>
internal sealed record RepositoryRow(string Name, string? Stored, string? NameNonce, string? Nonce)
{
    public const string NameAttribute = "name";
    public const string DescriptionAttribute = "description";
    public const string NameNonceAttribute = "name_nonce";
    public const string NonceAttribute = "nonce";

    /// <summary>The description; one that no import would have let in is read as an import would have cut it.</summary>
    public string? Description { get; } = RepositoryDescription.FromIngest(Stored);

    /// <summary>The size of the item, foreign attributes included; what a write of it is billed by.</summary>
    public long Size { get; init; }

    public Repository Repository => new(Name, Description);

    /// <summary>The postings that make this row found.</summary>
    public IEnumerable<Posting> Postings =>
    [
        .. NameNonce is null ? [] : PostingSet.OfName(Name, NameNonce),
        .. Nonce is null ? [] : PostingSet.OfDescription(Name, Description, Nonce),
    ];

    /// <summary>Whether postings of that attempt count for this row.</summary>
    public bool SpeaksFor(string nonce) => Nonce == nonce || NameNonce == nonce;

    /// <summary>Whether a posting counts for this row.</summary>
    public bool SpeaksFor(Posting posting) => posting.Nonce == (posting.Tier == 3 ? Nonce : NameNonce);

    /// <summary>Whether the row has postings at all; a predecessor's has none.</summary>
    public bool IsAdopted => Nonce is not null && NameNonce is not null;

    /// <summary>Whether the row was last written before a time, by the clock of the store; one whose nonces say nothing of time was.</summary>
    public bool IsOlderThan(DateTimeOffset time) => Nonce is null || DynamoDb.Postings.Nonce.TimeOf(Nonce) is not { } written || written < time;

    public static Dictionary<string, AttributeValue> KeyOf(string name) => new() { [NameAttribute] = new(name) };

    public Dictionary<string, AttributeValue> ToItem()
    {
        var item = KeyOf(Name);
        foreach (var (attribute, value) in new[] { (DescriptionAttribute, Stored), (NameNonceAttribute, NameNonce), (NonceAttribute, Nonce) })
        {
            if (value is not null)
                item[attribute] = new(value);
        }

        return item;
    }

    public static RepositoryRow FromItem(Dictionary<string, AttributeValue> item) =>
        new(item[NameAttribute].S, Text(item, DescriptionAttribute), Text(item, NameNonceAttribute), Text(item, NonceAttribute)) { Size = BilledUnits.SizeOf(item) };

    /// <summary>What an item says of its repository, be it whole or only name and description.</summary>
    public static Repository RepositoryOf(Dictionary<string, AttributeValue> item) =>
        new(item[NameAttribute].S, RepositoryDescription.FromIngest(Text(item, DescriptionAttribute)));

    private static string? Text(Dictionary<string, AttributeValue> item, string attribute) => item.GetValueOrDefault(attribute)?.S;
}
