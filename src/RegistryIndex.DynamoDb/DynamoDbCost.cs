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

/// <summary>What a write is estimated to be.</summary>
/// <param name="Items">How many items it puts.</param>
/// <param name="WriteUnits">How many write request units are billed for it.</param>
public sealed record WriteEstimate(long Items, double WriteUnits)
{
    /// <summary>What the units cost, in US dollars, at <see cref="DynamoDbCost.DollarsPerMillionWriteUnits"/>.</summary>
    public decimal Dollars => (decimal)WriteUnits * DynamoDbCost.DollarsPerMillionWriteUnits / 1_000_000m;

    /// <summary>Adds up two estimates.</summary>
    public static WriteEstimate operator +(WriteEstimate left, WriteEstimate right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.Items + right.Items, left.WriteUnits + right.WriteUnits);
    }

    /// <summary>The sum, for languages without operators.</summary>
    public static WriteEstimate Add(WriteEstimate left, WriteEstimate right) => left + right;
}
