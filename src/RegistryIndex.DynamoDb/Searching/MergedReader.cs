using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>Merges the partitions of the postings by last push into one order.</summary>
internal sealed class MergedReader(IReadOnlyList<PartitionReader> partitions) : ITierReader
{
    public bool IsAtEnd => partitions.All(partition => partition.IsAtEnd);

    public int AtHand => partitions.Sum(partition => partition.AtHand);

    // The next posting may be in any of the partitions.
    public double BytesOfItem => partitions.Max(partition => partition.BytesOfItem) * partitions.Count;

    public Task ReadAsync(RequestLog log, int limit, CancellationToken cancellationToken) =>
        Task.WhenAll(partitions.Where(IsEmpty).Select(partition => partition.ReadAsync(log, limit, cancellationToken)));

    public bool TryTake(out Posting posting)
    {
        posting = default;
        // A partition that must be read first may have the next posting.
        return !partitions.Any(IsEmpty) && partitions.Where(partition => partition.AtHand > 0).MinBy(RankOfNext)?.TryTake(out posting) == true;
    }

    private static bool IsEmpty(PartitionReader partition) => partition is { AtHand: 0, IsAtEnd: false };

    private static RankKey RankOfNext(PartitionReader partition) => partition.TryPeek(out var next) ? next.PushRank : default;
}
