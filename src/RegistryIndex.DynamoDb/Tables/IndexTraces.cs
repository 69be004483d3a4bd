using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>
/// Distinguishes a lost table from one that has not been created yet. An index leaves traces in each of its tables, but not before all three existed.
/// </summary>
internal sealed class IndexTraces(RequestSender sender, TableNames names, VersionRow versionRow)
{
    /// <summary>Looks for a trace in the tables that can be read; null if there is none.</summary>
    public async Task<string?> FindAsync(RequestLog log, FoundTables found, CancellationToken cancellationToken)
    {
        if (FoundTables.CanBeUsed(found.Version) && await versionRow.CheckAsync(log, cancellationToken).ConfigureAwait(false) != SearchLayout.None)
            return $"the table '{names.Version}' says that it existed";
        if (FoundTables.CanBeUsed(found.Search) && await HasPostingsAsync(log, cancellationToken).ConfigureAwait(false))
            return $"the table '{names.Search}' holds postings";
        if (FoundTables.CanBeUsed(found.Repository) && await HasNoncesAsync(log, cancellationToken).ConfigureAwait(false))
            return $"rows of the table '{names.Repository}' have postings";
        return null;
    }

    // Each repository has a posting in the list partition, in every layout. A scan would need a permission that a search does not need.
    private async Task<bool> HasPostingsAsync(RequestLog log, CancellationToken cancellationToken)
    {
        var listings = await Task.WhenAll(PostingKey.Listings.Select(partition => sender.QueryAsync(
            log,
            new QueryRequest
            {
                TableName = names.Search,
                KeyConditionExpression = "p = :p",
                ExpressionAttributeValues = new() { [":p"] = new(partition) },
                Limit = 1,
            },
            unread: 0,
            cancellationToken))).ConfigureAwait(false);
        return Array.Exists(listings, listing => listing.Items is { Count: > 0 });
    }

    // One page is enough, because rows get their nonces in the order of this scan.
    private async Task<bool> HasNoncesAsync(RequestLog log, CancellationToken cancellationToken)
    {
        var request = new ScanRequest
        {
            TableName = names.Repository,
            FilterExpression = "attribute_exists(#nonce)",
            ExpressionAttributeNames = new() { ["#nonce"] = RepositoryRow.NonceAttribute },
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
        };
        var response = await sender.ScanAsync(log, request, cancellationToken).ConfigureAwait(false);
        return response.Items is { Count: > 0 };
    }
}
