using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>Reads the postings of one tier that a word may match, in the order of their rank keys.</summary>
internal sealed class TierReader
{
    private const int UsualBytes = 100;

    private readonly RequestSender _sender;
    private readonly string _table;
    private readonly bool _consistent;
    private readonly string _partition;
    private readonly string _prefix;
    private readonly Queue<Posting> _read = new();
    private Dictionary<string, AttributeValue>? _position;
    private (long Bytes, long Items) _seen;

    /// <param name="sender">The way to DynamoDB.</param>
    /// <param name="table">The search table.</param>
    /// <param name="consistent">Whether to read consistently.</param>
    /// <param name="tier">The tier.</param>
    /// <param name="word">The word, of which tier 3 keeps the beginning; empty in tier 0.</param>
    /// <param name="after">Where to start after; null at the beginning.</param>
    public TierReader(RequestSender sender, string table, bool consistent, int tier, string word, RankKey? after)
    {
        (_sender, _table, _consistent) = (sender, table, consistent);
        _partition = PostingKey.Partition(tier, word);
        _prefix = PostingKey.Escape(word);
        if (after is { } rank)
            _position = Key(PostingKey.SortAfter(rank));
    }

    /// <summary>Whether all there is has been read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>How many postings have been read and not been taken.</summary>
    public int AtHand => _read.Count;

    /// <summary>The size of an item, by those that were read.</summary>
    public double BytesOfItem => _seen.Items == 0 ? UsualBytes : (double)_seen.Bytes / _seen.Items;

    /// <summary>Reads more postings, at most that many; none is no proof of the end.</summary>
    public async Task ReadAsync(RequestLog log, int limit, CancellationToken cancellationToken)
    {
        var request = new QueryRequest
        {
            TableName = _table,
            // The partition is known. Whatever is brought costs processor time, and not little.
            ProjectionExpression = Posting.Searched,
            KeyConditionExpression = _prefix.Length == 0 ? "p = :p" : "p = :p AND begins_with(s, :s)",
            ExpressionAttributeValues = new() { [":p"] = new(_partition) },
            ExclusiveStartKey = _position,
            ConsistentRead = _consistent,
            Limit = limit,
        };
        if (_prefix.Length > 0)
            request.ExpressionAttributeValues[":s"] = new(_prefix);
        var unread = BilledUnits.SizeOf(Posting.PartitionAttribute, _partition);
        var response = await _sender.QueryAsync(log, request, unread, cancellationToken).ConfigureAwait(false);
        foreach (var item in response.Items ?? [])
        {
            _seen = (_seen.Bytes + BilledUnits.SizeOf(item) + unread, _seen.Items + 1);
            if (Posting.FromItem(item, _partition) is { } posting)
                _read.Enqueue(posting);
        }

        _position = response.LastEvaluatedKey;
        IsAtEnd = _position is not { Count: > 0 };
    }

    public bool TryTake(out Posting posting) => _read.TryDequeue(out posting);

    private Dictionary<string, AttributeValue> Key(string sort) => new()
    {
        [Posting.PartitionAttribute] = new(_partition),
        [Posting.SortAttribute] = new(sort),
    };
}
