using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>Reads the repository table: scans in the order of the table, and rows by name.</summary>
internal static class RowScan
{
    // A page has at most a megabyte, which may be 10,000 rows, and a caller would wait for all of them before it can process the first one. So
    // the first page is small if the caller sets no limit, and no page is large.
    private const int RowsOfFirstPage = 100;
    private const int RowsOfPage = 2_000;

    private const string RepositoryAttributes = "#name, #description, #facts";

    // The size of the nonces of a row, which are not read with its repository. A row without facts has fewer nonces.
    private static readonly long BytesOfNonces = new[] { RepositoryRow.NonceAttribute, RepositoryRow.NameNonceAttribute, RepositoryRow.FactsNonceAttribute }
        .Sum(attribute => BilledUnits.SizeOf(attribute, Nonce.New(DateTimeOffset.UnixEpoch)));

    /// <summary>Reads the repositories of some rows. Rows that do not exist are left out.</summary>
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
    /// Reads the repositories of all rows after a name. It does not read the nonces, which would double the
    /// transferred bytes. The whole row is billed.
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

    /// <summary>Reads every row after a name, a page at a time.</summary>
    public static async IAsyncEnumerable<RowPage> ScanRowPagesAsync(
        this RequestSender sender, RequestLog log, string table, bool consistent, string? after, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ScanRequest { TableName = table, ConsistentRead = consistent };
        await foreach (var (items, last) in sender.ScanPagesAsync(log, request, after, limit, cancellationToken).ConfigureAwait(false))
            yield return new([.. items.Select(RepositoryRow.FromItem)], last);
    }

    private static Dictionary<string, string> NamesOfAttributes() => new()
    {
        ["#name"] = RepositoryRow.NameAttribute,
        ["#description"] = RepositoryRow.DescriptionAttribute,
        ["#facts"] = RepositoryRow.FactsAttribute,
    };

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
/// <param name="Last">The name after which the scan continues; null at the end.</param>
internal sealed record RowPage(IReadOnlyList<RepositoryRow> Rows, string? Last);
