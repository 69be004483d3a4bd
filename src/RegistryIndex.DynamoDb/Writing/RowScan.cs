using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>Reads of the repository table: scans, in the order of the table, and rows by their names.</summary>
internal static class RowScan
{
    // A megabyte, which is what a page has at most, may be 10,000 rows: whoever works on them would wait for all of these first.
    // So the first page is small where nobody says how many are wanted, and none is large.
    private const int RowsOfFirstPage = 100;
    private const int RowsOfPage = 2_000;

    private const string RepositoryAttributes = "#name, #description";

    // The nonces of a row, which are not asked for with its repository.
    private static readonly long BytesOfNonces =
        BilledUnits.SizeOf(RepositoryRow.NonceAttribute, Nonce.New(DateTimeOffset.UnixEpoch)) + BilledUnits.SizeOf(RepositoryRow.NameNonceAttribute, Nonce.New(DateTimeOffset.UnixEpoch));

    /// <summary>Reads what some rows say of their repositories; those that are not there are left out.</summary>
    public static async Task<IEnumerable<Repository>> ReadRepositoriesAsync(
        this RequestSender sender, RequestLog log, string table, IEnumerable<string> names, bool consistent, CancellationToken cancellationToken)
    {
        var wanted = new KeysAndAttributes
        {
            Keys = [.. names.Select(RepositoryRow.KeyOf)],
            ConsistentRead = consistent,
            ProjectionExpression = RepositoryAttributes,
            ExpressionAttributeNames = NamesOfAttributes(),
        };
        return (await sender.ReadAllAsync(log, table, wanted, BytesOfNonces, cancellationToken).ConfigureAwait(false)).Select(RepositoryRow.RepositoryOf);
    }

    /// <summary>
    /// Reads what every row after one says of its repository, and leaves its nonces where they are: they would be as many bytes
    /// again. What is billed is the whole row.
    /// </summary>
    public static async IAsyncEnumerable<Repository> ScanRepositoriesAsync(
        this RequestSender sender, RequestLog log, string table, bool consistent, string? after, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ScanRequest
        {
            TableName = table,
            ConsistentRead = consistent,
            ProjectionExpression = RepositoryAttributes,
            ExpressionAttributeNames = NamesOfAttributes(),
            ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
        };
        await foreach (var (items, _) in sender.ScanPagesAsync(log, request, after, limit, cancellationToken).ConfigureAwait(false))
        {
            foreach (var item in items)
                yield return RepositoryRow.RepositoryOf(item);
        }
    }

    /// <summary>Reads every row.</summary>
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
        var request = new ScanRequest { TableName = table, ConsistentRead = consistent };
        await foreach (var (items, last) in sender.ScanPagesAsync(log, request, after, limit, cancellationToken).ConfigureAwait(false))
            yield return new([.. items.Select(RepositoryRow.FromItem)], last);
    }

    private static Dictionary<string, string> NamesOfAttributes() => new() { ["#name"] = RepositoryRow.NameAttribute, ["#description"] = RepositoryRow.DescriptionAttribute };

    private static async IAsyncEnumerable<(List<Dictionary<string, AttributeValue>> Items, string? Last)> ScanPagesAsync(
        this RequestSender sender, RequestLog log, ScanRequest request, string? after, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = Math.Min(limit ?? RowsOfFirstPage, RowsOfPage);
        for (var position = after; ; rows = limit is null ? Math.Min(4 * rows, RowsOfPage) : rows)
        {
            request.ExclusiveStartKey = position is null ? null : RepositoryRow.KeyOf(position);
            request.Limit = rows;
            var response = await sender.ScanAsync(log, request, cancellationToken).ConfigureAwait(false);
            position = response.LastEvaluatedKey is { Count: > 0 } key ? key[RepositoryRow.NameAttribute].S : null;
            yield return (response.Items ?? [], position);
            if (position is null)
                yield break;
        }
    }
}

/// <summary>A page of a scan.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Last">The name that the scan goes on after; null at the end.</param>
internal sealed record RowPage(IReadOnlyList<RepositoryRow> Rows, string? Last);
