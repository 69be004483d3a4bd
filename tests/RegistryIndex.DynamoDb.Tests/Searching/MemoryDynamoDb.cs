using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.Searching;

/// <summary>
/// Read-only tables in memory, for more repositories than a test could wait for elsewhere. Bills by AWS's rules: the items of a Query or
/// a Scan are summed and rounded up to 4 KB, each item of a batch is rounded up by itself, and a request without a result costs as much as
/// the smallest one.
/// </summary>
/// <param name="options">The names of the tables.</param>
internal sealed class MemoryDynamoDb(DynamoDbIndexOptions options)
    : AmazonDynamoDBClient(new BasicAWSCredentials("test", "test"), new AmazonDynamoDBConfig { ServiceURL = "http://memory.invalid", MaxErrorRetry = 0 })
{
    private const int PageBytes = 1024 * 1024;
    private const int BlockBytes = 4096;
    private const string LengthAttribute = "l";

    private static readonly string SomeNonce = Nonce.New(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly Comparer<(string Sort, int AlsoBefore)> BySort = Comparer<(string Sort, int AlsoBefore)>.Create((left, right) => CodePointOrder.Comparer.Compare(left.Sort, right.Sort));

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(string Sort, int AlsoBefore)>> _postings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Repository> _rows = new(StringComparer.Ordinal);
    private List<string> _scanned = [];
    private int _inside;

    /// <summary>The minimum duration of each call.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The size that the repository table reports. Null reports its real size.</summary>
    public long? TableSize { get; set; }

    /// <summary>Whether the version row says that every row has its postings.</summary>
    public bool IsAdopted { get; set; } = true;

    /// <summary>The billed read units.</summary>
    public double Units { get; private set; }

    /// <summary>How often a call began while no other call was running.</summary>
    public int Waves { get; private set; }

    /// <summary>The partition of each query.</summary>
    public List<string> Queried { get; } = [];

    /// <summary>The number of scans of the repository table.</summary>
    public int Scans { get; private set; }

    /// <summary>The size of the content of the repository table, in bytes.</summary>
    public long Size => _rows.Values.Sum(row => BilledUnits.SizeOf(ItemOf(row)));

    /// <summary>Adds repositories, and those of their postings that searches for some words read.</summary>
    public void Fill(IEnumerable<Repository> repositories, params IEnumerable<string> words)
    {
        var partitions = words.SelectMany(word => Enumerable.Range(1, word.Length == 1 ? 1 : 3).Select(tier => PostingKey.Partition(tier, word))).Append(PostingKey.Partition(0, ""))
            .Concat(Enumerable.Range(0, PostingKey.PushShards).Select(PostingKey.PushPartition)).ToHashSet(StringComparer.Ordinal);
        foreach (var repository in repositories)
        {
            _rows[repository.Name] = repository;
            foreach (var posting in RepositoryRow.Over(repository, read: null, SomeNonce).Postings)
                Add(posting, partitions);
        }

        foreach (var partition in _postings.Values)
            partition.Sort(BySort);
        _scanned = [.. _rows.Keys.OrderBy(name => name.Aggregate(17u, (hash, character) => (hash * 31) + character))];
    }

    /// <summary>Resets the counters.</summary>
    public void ResetCounts()
    {
        (Units, Waves, Scans) = (0, 0, 0);
        Queried.Clear();
    }

    public override Task<DescribeTableResponse> DescribeTableAsync(string tableName, CancellationToken cancellationToken = default)
    {
        var schema = TableSchema.Of(new(options.RepositoryTable, options.VersionTable, options.SearchTable)).Single(schema => schema.Table == tableName).ToRequest();
        return CallAsync(() => new DescribeTableResponse
        {
            Table = new()
            {
                TableName = tableName,
                TableStatus = TableStatus.ACTIVE,
                TableId = tableName,
                KeySchema = schema.KeySchema,
                AttributeDefinitions = schema.AttributeDefinitions,
                ItemCount = _rows.Count,
                TableSizeBytes = tableName == options.RepositoryTable ? TableSize ?? Size : 0,
            },
        });
    }

    public override Task<GetItemResponse> GetItemAsync(GetItemRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(() => new GetItemResponse { Item = request.TableName == options.VersionTable ? VersionItem() : throw new NotSupportedException() });

    public override Task<QueryResponse> QueryAsync(QueryRequest request, CancellationToken cancellationToken = default) => CallAsync(() =>
    {
        var partition = request.ExpressionAttributeValues[":p"].S;
        lock (_gate)
            Queried.Add(partition);
        var prefix = request.ExpressionAttributeValues.GetValueOrDefault(":s")?.S ?? "";
        var sorted = _postings.GetValueOrDefault(partition) ?? [];
        var place = PlaceAfter(sorted, request.ExclusiveStartKey is { Count: > 0 } start && CodePointOrder.Comparer.Compare(start[Posting.SortAttribute].S, prefix) >= 0
            ? start[Posting.SortAttribute].S
            : null, prefix);
        var (items, bytes) = (new List<Dictionary<string, AttributeValue>>(), 0L);
        for (; place < sorted.Count && sorted[place].Sort.StartsWith(prefix, StringComparison.Ordinal) && items.Count < request.Limit && bytes < PageBytes; place++)
        {
            var item = ItemOf(partition, sorted[place]);
            items.Add(item);
            bytes += BilledUnits.SizeOf(item);
        }

        Bill(bytes, request.ConsistentRead);
        // Like DynamoDB: a read that ends at the limit does not learn that this was the end.
        var isCut = items.Count == request.Limit || bytes >= PageBytes;
        var last = isCut && items.Count > 0 ? Posting.KeyOf(items[^1]) : null;
        return new QueryResponse { Items = [.. items.Select(item => Projected(item, request.ProjectionExpression, []))], LastEvaluatedKey = last };
    });

    public override Task<ScanResponse> ScanAsync(ScanRequest request, CancellationToken cancellationToken = default) => CallAsync(() =>
    {
        if (request.TableName == options.VersionTable)
            return new ScanResponse { Items = [VersionItem()] };
        lock (_gate)
            Scans++;
        var place = request.ExclusiveStartKey is { Count: > 0 } start ? _scanned.IndexOf(start[RepositoryRow.NameAttribute].S) + 1 : 0;
        var (items, bytes) = (new List<Dictionary<string, AttributeValue>>(), 0L);
        for (; place < _scanned.Count && items.Count < request.Limit && bytes < PageBytes; place++)
        {
            items.Add(ItemOf(_rows[_scanned[place]]));
            bytes += BilledUnits.SizeOf(items[^1]);
        }

        var units = Bill(bytes, request.ConsistentRead);
        return new ScanResponse
        {
            Items = items,
            LastEvaluatedKey = place < _scanned.Count ? RepositoryRow.KeyOf(_scanned[place - 1]) : null,
            ConsumedCapacity = new() { CapacityUnits = units },
        };
    });

    public override Task<BatchGetItemResponse> BatchGetItemAsync(BatchGetItemRequest request, CancellationToken cancellationToken = default) => CallAsync(() =>
    {
        var (table, keys) = request.RequestItems.Single();
        List<Dictionary<string, AttributeValue>> items = [];
        foreach (var key in keys.Keys)
        {
            var item = _rows.TryGetValue(key[RepositoryRow.NameAttribute].S, out var row) ? ItemOf(row) : null;
            Bill(BilledUnits.SizeOf(item), keys.ConsistentRead);
            if (item is not null)
                items.Add(Projected(item, keys.ProjectionExpression, keys.ExpressionAttributeNames));
        }

        return new BatchGetItemResponse { Responses = new() { [table] = items } };
    });

    private static Dictionary<string, AttributeValue> Projected(Dictionary<string, AttributeValue> item, string? expression, Dictionary<string, string> names)
    {
        if (expression is null)
            return item;
        var wanted = expression.Split(", ").Select(name => names.GetValueOrDefault(name, name)).ToHashSet(StringComparer.Ordinal);
        return item.Where(attribute => wanted.Contains(attribute.Key)).ToDictionary(StringComparer.Ordinal);
    }

    private static int PlaceAfter(List<(string Sort, int AlsoBefore)> sorted, string? after, string prefix)
    {
        var place = sorted.BinarySearch((after ?? prefix, 0), BySort);
        return place < 0 ? ~place : after is null ? place : place + 1;
    }

    private static Dictionary<string, AttributeValue> ItemOf(Repository row) => RepositoryRow.Over(row, read: null, SomeNonce).ToItem();

    private static Dictionary<string, AttributeValue> ItemOf(string partition, (string Sort, int AlsoBefore) posting)
    {
        var item = new Dictionary<string, AttributeValue> { [Posting.PartitionAttribute] = new(partition), [Posting.SortAttribute] = new(posting.Sort) };
        if (posting.AlsoBefore > 0)
            item[LengthAttribute] = new() { N = $"{posting.AlsoBefore}" };
        return item;
    }

    private void Add(Posting posting, HashSet<string> partitions)
    {
        var partition = posting.Partition;
        if (!partitions.Contains(partition))
            return;
        if (!_postings.TryGetValue(partition, out var sorted))
            _postings[partition] = sorted = [];
        sorted.Add((PostingKey.Sort(posting.Rank, posting.Nonce), posting.AlsoBefore));
    }

    // The postings of this layout.
    private Dictionary<string, AttributeValue> VersionItem()
    {
        TableDescription Describe(string table) => new() { TableId = table };
        var found = new FoundTables(Describe(options.RepositoryTable), Describe(options.VersionTable), Describe(options.SearchTable));
        return new()
        {
            [VersionRow.KeyAttribute] = new() { N = "1" },
            ["layout"] = new($"{PostingKey.Layout}"),
            ["push_shards"] = new() { N = $"{PostingKey.PushShards}" },
            ["mark_" + Adoption.Adopter.MarkOf(found)] = new(IsAdopted ? """{"state":"Done","seconds":30}""" : """{"state":"Running","seconds":30}"""),
        };
    }

    private double Bill(long bytes, bool? consistent)
    {
        var units = Math.Max(1, Math.Ceiling((double)bytes / BlockBytes)) * (consistent is true ? 1 : 0.5);
        lock (_gate)
            Units += units;
        return units;
    }

    private async Task<T> CallAsync<T>(Func<T> answer)
    {
        lock (_gate)
            Waves += _inside++ == 0 ? 1 : 0;
        try
        {
            await Task.Delay(Delay);
            return answer();
        }
        finally
        {
            lock (_gate)
                _inside--;
        }
    }
}
