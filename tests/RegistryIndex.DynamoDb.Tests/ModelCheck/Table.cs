using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// The stored data: the row of the scenario, and the search table with its real keys. Every method is one atomic
/// step.
/// </summary>
internal sealed class Table(bool keysHoldTheNonce)
{
    private readonly OrderedDictionary<string, Posting> _postings = new(StringComparer.Ordinal);

    public RepositoryRow? Row { get; set; }

    public IReadOnlyCollection<Posting> Postings => _postings.Values;

    public void Put(Posting posting) => _postings[KeyOf(posting)] = posting;

    public void Delete(Posting posting) => _postings.Remove(KeyOf(posting));

    public void Clear() => _postings.Clear();

    /// <param name="row">The row.</param>
    /// <param name="read">The row that must be stored.</param>
    /// <param name="knowsFacts">Whether the writer knows facts. Other writers keep the stored facts.</param>
    public bool TryPut(RepositoryRow row, RepositoryRow? read, bool knowsFacts = true)
    {
        if (!IsStill(read, knowsFacts))
            return false;
        Row = knowsFacts ? row : row with { Facts = Row?.Facts, FactsNonce = Row?.FactsNonce };
        return true;
    }

    public Removal TryRemove(RepositoryRow read, bool knowsFacts = true)
    {
        if (Row is null)
            return Removal.AlreadyGone;
        if (!IsStill(read, knowsFacts))
            return Removal.Changed;
        Row = null;
        return Removal.Removed;
    }

    public Table Copy()
    {
        var copy = new Table(keysHoldTheNonce) { Row = Row };
        foreach (var (key, posting) in _postings)
            copy._postings.Add(key, posting);
        return copy;
    }

    private bool IsStill(RepositoryRow? read, bool knowsFacts) =>
        read is null || Row is null ? read is null && Row is null : Row.Nonce == read.Nonce && Row.Stored == read.Stored && (!knowsFacts || Row.FactsNonce == read.FactsNonce);

    private string KeyOf(Posting posting) =>
        posting.Partition + "\n" + PostingKey.Sort(posting.Rank, keysHoldTheNonce ? posting.Nonce : "");
}
