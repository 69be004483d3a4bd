using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>Scans of the repository table.</summary>
internal static class RowScan
{
    // A megabyte, which is what a page has at most, may be 10,000 rows: whoever works on them would wait for all of these first.
    // So the first page is small, and the others are not large.
    private const int RowsOfFirstPage = 100;
    private const int RowsOfPage = 2_000;

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
        var rows = RowsOfFirstPage;
        for (var position = after; ; rows = Math.Min(4 * rows, RowsOfPage))
        {
            var request = new ScanRequest
            {
                TableName = table,
                ConsistentRead = consistent,
                ExclusiveStartKey = position is null ? null : RepositoryRow.KeyOf(position),
                Limit = Math.Min(limit ?? rows, rows),
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
