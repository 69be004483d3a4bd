using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb;

/// <summary>What writes cost in DynamoDB, told without writing anything.</summary>
public static class DynamoDbCost
{
    /// <summary>
    /// US dollars for a million write request units, on demand, in us-east-1
    /// (https://aws.amazon.com/dynamodb/pricing/on-demand/, as of November 2024; other regions ask up to half as much again).
    /// </summary>
    public const decimal DollarsPerMillionWriteUnits = 0.625m;

    /// <summary>What it costs to write a repository: its row, its postings, and the removal of the postings that it replaces.</summary>
    /// <param name="repository">The repository as it is to be.</param>
    /// <param name="before">The repository as it is; null where it is new.</param>
    public static WriteEstimate Of(Repository repository, Repository? before = null)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var nonce = Nonce.New(DateTimeOffset.UnixEpoch);
        var row = new RepositoryRow(repository.Name, repository.Description, nonce, nonce);
        var fresh = before is null ? row.Postings : PostingSet.OfDescription(row.Name, row.Description, nonce);
        var stale = before is null ? [] : PostingSet.OfDescription(row.Name, before.Description, nonce);
        var written = fresh.Select(posting => posting.ToItem()).Append(row.ToItem()).Select(BilledUnits.SizeOf).ToList();
        return new(written.Count, written.Sum(BilledUnits.Write) + stale.Count);
    }
}
