using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>A row of the repository table, which a predecessor may have written.</summary>
/// <param name="Name">The name.</param>
/// <param name="Stored">The description as it is stored. A predecessor's description may be empty or too long.</param>
/// <param name="NameNonce">The attempt whose postings of the name count; null in a predecessor's row.</param>
/// <param name="Nonce">The attempt whose postings of the description count; null in a predecessor's row.</param>
internal sealed record RepositoryRow(string Name, string? Stored, string? NameNonce, string? Nonce)
{
    public const string NameAttribute = "name";
    public const string DescriptionAttribute = "description";
    public const string NameNonceAttribute = "name_nonce";
    public const string NonceAttribute = "nonce";
    public const string FactsAttribute = "facts";
    public const string FactsNonceAttribute = "facts_nonce";

    /// <summary>The facts; null if there are none, or none that can be read.</summary>
    public RepositoryFacts? Facts { get; init; }

    /// <summary>
    /// The attempt whose posting of the last push counts; it is new whenever the facts change. Null if no facts were ever written. Each
    /// write changes at least one of these nonces.
    /// </summary>
    public string? FactsNonce { get; init; }

    /// <summary>The description. A description that an import would not have accepted is cut as an import cuts it.</summary>
    public string? Description { get; } = RepositoryDescription.FromIngest(Stored);

    /// <summary>The size of the item with all attributes, including foreign ones; a write of the item is billed by it.</summary>
    public long Size { get; init; }

    public Repository Repository => new(Name, Description, Facts);

    /// <summary>The postings by which searches find this row.</summary>
    public IEnumerable<Posting> Postings => PostingsWithout(null);

    /// <summary>The row that a write makes of another row. It has new nonces for what it changes and keeps the others.</summary>
    /// <param name="repository">The repository to store.</param>
    /// <param name="read">The row that is replaced, or null.</param>
    /// <param name="nonce">The nonce of the write.</param>
    /// <param name="renews">Whether to write all postings again, even those that should exist.</param>
    public static RepositoryRow Over(Repository repository, RepositoryRow? read, string nonce, bool renews = false)
    {
        var kept = renews ? null : read;
        var isOfFactsAlone = repository.Description == kept?.Description && repository.Facts != kept?.Facts;
        return new(
            repository.Name,
            repository.Description,
            kept?.NameNonce ?? nonce,
            isOfFactsAlone ? kept?.Nonce ?? nonce : nonce)
        {
            Facts = repository.Facts,
            FactsNonce = repository.Facts is null ? read?.FactsNonce : repository.Facts == kept?.Facts ? kept?.FactsNonce ?? nonce : nonce,
        };
    }

    /// <summary>The postings by which searches find this row, without those that another row of the same name has, too.</summary>
    public IEnumerable<Posting> PostingsWithout(RepositoryRow? other) =>
    [
        .. NameNonce is null || NameNonce == other?.NameNonce ? [] : PostingSet.OfName(Name, NameNonce),
        .. Nonce is null || Nonce == other?.Nonce ? [] : PostingSet.OfDescription(Name, Description, Nonce),
        .. FactsNonce is null || FactsNonce == other?.FactsNonce ? [] : PostingSet.OfFacts(Name, Facts, FactsNonce),
    ];

    /// <summary>Whether postings of an attempt count for this row.</summary>
    public bool HasNonce(string nonce) => Nonce == nonce || NameNonce == nonce || FactsNonce == nonce;

    /// <summary>Whether a posting counts for this row.</summary>
    public bool Owns(Posting posting) => posting.Nonce == NonceOf(posting.Tier);

    /// <summary>The attempt whose postings of a tier count.</summary>
    public string? NonceOf(int tier) => tier switch { 3 => Nonce, PostingKey.PushTier => FactsNonce, _ => NameNonce };

    /// <summary>Whether another row of the same name has the same nonces.</summary>
    public bool HasNoncesOf(RepositoryRow other) => (Nonce, NameNonce, FactsNonce) == (other.Nonce, other.NameNonce, other.FactsNonce);

    /// <summary>The nonce of the write that made this row of another row.</summary>
    public string NonceSince(RepositoryRow? read) => (Nonce != read?.Nonce ? Nonce : FactsNonce)!;

    /// <summary>Whether the row has postings. A predecessor's row has none.</summary>
    public bool IsAdopted => Nonce is not null && NameNonce is not null;

    public static Dictionary<string, AttributeValue> KeyOf(string name) => new() { [NameAttribute] = new(name) };

    public Dictionary<string, AttributeValue> ToItem()
    {
        var item = KeyOf(Name);
        foreach (var (attribute, value) in new[] { (DescriptionAttribute, Stored), (NameNonceAttribute, NameNonce), (NonceAttribute, Nonce), (FactsAttribute, Facts?.ToJson()), (FactsNonceAttribute, FactsNonce) })
        {
            if (value is not null)
                item[attribute] = new(value);
        }

        return item;
    }

    public static RepositoryRow FromItem(Dictionary<string, AttributeValue> item) =>
        new(item[NameAttribute].S, Text(item, DescriptionAttribute), Text(item, NameNonceAttribute), Text(item, NonceAttribute))
        {
            Facts = Repository.FromStored(item[NameAttribute].S, null, Text(item, FactsAttribute)).Facts,
            FactsNonce = Text(item, FactsNonceAttribute),
            Size = BilledUnits.SizeOf(item),
        };

    /// <summary>Reads the repository of an item, with or without its nonces.</summary>
    public static Repository RepositoryOf(Dictionary<string, AttributeValue> item) =>
        Repository.FromStored(item[NameAttribute].S, RepositoryDescription.FromIngest(Text(item, DescriptionAttribute)), Text(item, FactsAttribute));

    private static string? Text(Dictionary<string, AttributeValue> item, string attribute) => item.GetValueOrDefault(attribute)?.S;
}
