using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>Reads the postings of one partition that may match a word, in the order of their keys.</summary>
internal sealed class PartitionReader : ITierReader
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

    /// <param name="sender">Sends the requests.</param>
    /// <param name="table">The search table.</param>
    /// <param name="consistent">Whether to read consistently.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="word">The word, which tier 3 shortens to its beginning; empty for the whole partition.</param>
    /// <param name="after">The place to start after; null at the beginning.</param>
    public PartitionReader(RequestSender sender, string table, bool consistent, string partition, string word, RankKey? after)
    {
        (_sender, _table, _consistent) = (sender, table, consistent);
        _partition = partition;
        _prefix = PostingKey.Escape(word);
        if (after is { } rank)
            _position = Key(PostingKey.SortAfter(rank));
    }

    public bool IsAtEnd { get; private set; }

    public int AtHand => _read.Count;

    public double BytesOfItem => _seen.Items == 0 ? UsualBytes : (double)_seen.Bytes / _seen.Items;

    public async Task ReadAsync(RequestLog log, int limit, CancellationToken cancellationToken)
    {
        var request = new QueryRequest
        {
            TableName = _table,
            // The partition is known. Each attribute that is returned costs considerable processor time.
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

    /// <summary>Returns the next of the postings that have been read, without taking it.</summary>
    public bool TryPeek(out Posting posting) => _read.TryPeek(out posting);

    private Dictionary<string, AttributeValue> Key(string sort) => new()
    {
        [Posting.PartitionAttribute] = new(_partition),
        [Posting.SortAttribute] = new(sort),
    };
}
