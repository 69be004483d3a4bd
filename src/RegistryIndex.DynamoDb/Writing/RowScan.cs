using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>Scans of the repository table.</summary>
internal static class RowScan
{
    /// <summary>Reads every row, in the order of the table.</summary>
    public static async IAsyncEnumerable<RepositoryRow> ScanRowsAsync(
        this RequestSender sender, RequestLog log, string table, bool consistent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in sender.ScanRowPagesAsync(log, table, consistent, after: null, limit: null, cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in page.Rows)
                yield return row;
        }
    }

    /// <summary>Reads every row after one, a page at a time.</summary>
    public static async IAsyncEnumerable<RowPage> ScanRowPagesAsync(
        this RequestSender sender, RequestLog log, string table, bool consistent, string? after, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var position = after; ;)
        {
            var request = new ScanRequest
            {
                TableName = table,
                ConsistentRead = consistent,
                ExclusiveStartKey = position is null ? null : RepositoryRow.KeyOf(position),
                Limit = limit,
            };
            var response = await sender.ScanAsync(log, request, cancellationToken).ConfigureAwait(false);
            position = response.LastEvaluatedKey is { Count: > 0 } key ? key[RepositoryRow.NameAttribute].S : null;
            yield return new([.. (response.Items ?? []).Select(RepositoryRow.FromItem)], position);
            if (position is null)
                yield break;
        }
    }
}

/// <summary>A page of a scan.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Last">The name that the scan goes on after; null at the end.</param>
internal sealed record RowPage(IReadOnlyList<RepositoryRow> Rows, string? Last);
