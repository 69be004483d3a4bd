using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// What is stored: the row that a scenario is about, and the search table with its real keys. Every method is one step
/// that nobody comes between.
/// </summary>
internal sealed class Table(bool keysHoldTheNonce)
{
    private readonly OrderedDictionary<string, Posting> _postings = new(StringComparer.Ordinal);

    public RepositoryRow? Row { get; set; }

    public IReadOnlyCollection<Posting> Postings => _postings.Values;

    public void Put(Posting posting) => _postings[KeyOf(posting)] = posting;

    public void Delete(Posting posting) => _postings.Remove(KeyOf(posting));

    public void Clear() => _postings.Clear();

    public bool TryPut(RepositoryRow row, RepositoryRow? read)
    {
        if (!IsStill(read))
            return false;
        Row = row;
        return true;
    }

    public Removal TryRemove(RepositoryRow read)
    {
        if (Row is null)
            return Removal.AlreadyGone;
        if (!IsStill(read))
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

    private bool IsStill(RepositoryRow? read) =>
        read is null || Row is null ? read is null && Row is null : Row.Nonce == read.Nonce && Row.Stored == read.Stored;

    private string KeyOf(Posting posting) =>
        PostingKey.Partition(posting.Tier, posting.Text) + "\n" + PostingKey.Sort(posting.Rank, keysHoldTheNonce ? posting.Nonce : "");
}
