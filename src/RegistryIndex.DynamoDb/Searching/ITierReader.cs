using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Searching;

/// <summary>Reads the postings of one tier, in the order of their ranks.</summary>
internal interface ITierReader
{
    /// <summary>Whether all postings of the tier have been read.</summary>
    bool IsAtEnd { get; }

    /// <summary>How many postings have been read but not taken.</summary>
    int AtHand { get; }

    /// <summary>How many bytes are read for each posting, judged by the postings read so far.</summary>
    double BytesOfItem { get; }

    /// <summary>
    /// Reads more postings, at most <paramref name="limit"/> of each partition. Reading none does not mean that the end is reached.
    /// </summary>
    Task ReadAsync(RequestLog log, int limit, CancellationToken cancellationToken);

    /// <summary>Takes the next posting, unless more postings must be read first.</summary>
    bool TryTake(out Posting posting);
}
