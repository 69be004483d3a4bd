using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb;

/// <summary>Estimates what writes cost in DynamoDB, without writing anything.</summary>
public static class DynamoDbCost
{
    /// <summary>
    /// The price in US dollars of a million write request units, on demand, in us-east-1 (https://aws.amazon.com/dynamodb/pricing/on-demand/, as
    /// of November 2024). Other regions charge up to 50 % more.
    /// </summary>
    public const decimal DollarsPerMillionWriteUnits = 0.625m;

    /// <summary>Estimates the cost of writing a repository: its row, its postings, and the removal of the postings that they replace.</summary>
    /// <param name="repository">The repository after the write.</param>
    /// <param name="before">The repository before the write; null if it is new.</param>
    public static WriteEstimate Of(Repository repository, Repository? before = null)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var write = repository.WriteOver(before);
        if (write.Outcome == UpsertOutcome.Unchanged)
            return new(0, 0);
        var stored = before is null ? null : RepositoryRow.Over(before, read: null, Nonce.New(DateTimeOffset.UnixEpoch));
        var row = RepositoryRow.Over(write.Result, stored, Nonce.New(DateTimeOffset.UnixEpoch.AddDays(1)));
        var size = Math.Max(BilledUnits.SizeOf(row.ToItem()), stored is null ? 0 : BilledUnits.SizeOf(stored.ToItem()));
        var written = row.PostingsWithout(stored).Select(posting => BilledUnits.SizeOf(posting.ToItem())).Append(size).ToList();
        return new(written.Count, written.Sum(BilledUnits.Write) + (stored?.PostingsWithout(row).Count() ?? 0));
    }
}
