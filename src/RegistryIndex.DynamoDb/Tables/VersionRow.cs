using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>
/// The single row of the version table. A predecessor takes the first row of a scan for the schema version. So everything else that must be
/// stored is an attribute of that row, and there is never a second row.
/// </summary>
internal sealed class VersionRow(RequestSender sender, string table)
{
    public const string KeyAttribute = "version";

    private const string Version = "1";
    private const string LayoutAttribute = "layout";
    private const string PushShardsAttribute = "push_shards";
    private const string MarkPrefix = "mark_";

    private static readonly string Layout = PostingKey.Layout.ToString(CultureInfo.InvariantCulture);
    private static readonly string FormerLayout = PostingKey.FormerLayout.ToString(CultureInfo.InvariantCulture);
    private static readonly string PushShards = PostingKey.PushShards.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes the row of a new index, or of an index in a former layout; throws for any other version or layout.</summary>
    /// <param name="log">Counts the cost.</param>
    /// <param name="adoption">
    /// The mark of the adoption, which starts again with a new layout, because rows may have been written in a former layout since.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task EnsureAsync(RequestLog log, string adoption, CancellationToken cancellationToken)
    {
        var row = await ReadAsync(log, cancellationToken).ConfigureAwait(false);
        if (LayoutOf(log, row) != SearchLayout.Current)
            RequireKnown(log, await SetLayoutAsync(log, adoption, cancellationToken).ConfigureAwait(false));
        else if (!row!.ContainsKey(PushShardsAttribute))
            await SetPushShardsAsync(log, cancellationToken).ConfigureAwait(false); // a build that did not know of pushes wrote the row
    }

    /// <summary>Throws for any other version or layout, and writes nothing.</summary>
    /// <returns>The layout of the search table, according to the row.</returns>
    public async Task<SearchLayout> CheckAsync(RequestLog log, CancellationToken cancellationToken) =>
        LayoutOf(log, await ReadAsync(log, cancellationToken).ConfigureAwait(false));

    private async Task<Dictionary<string, AttributeValue>?> ReadAsync(RequestLog log, CancellationToken cancellationToken)
    {
        var rows = await sender.ScanAsync(log, new ScanRequest { TableName = table, ConsistentRead = true }, cancellationToken).ConfigureAwait(false);
        foreach (var foreign in (rows.Items ?? []).Select(row => row[KeyAttribute].N).Where(version => version != Version))
        {
            throw new RegistryIndexException(DynamoDbProvider.Name, log.Operation,
                $"the table '{table}' says schema version {foreign}, and this program knows version {Version}; name another table, or use the program that wrote it.", mayRetry: false);
        }

        return rows.Items is [var row, ..] ? row : null;
    }

    private SearchLayout LayoutOf(RequestLog log, Dictionary<string, AttributeValue>? row)
    {
        var layout = row?.GetValueOrDefault(LayoutAttribute)?.S;
        if (layout is null || layout == FormerLayout)
            return layout is null ? SearchLayout.None : SearchLayout.Former;
        RequireKnown(log, layout);
        if (row!.GetValueOrDefault(PushShardsAttribute)?.N is { } shards && shards != PushShards)
        {
            throw new RegistryIndexException(DynamoDbProvider.Name, log.Operation,
                $"the table '{table}' says that the postings by push are in {shards} partitions, and this program knows {PushShards}; use a newer program.", mayRetry: false);
        }

        return SearchLayout.Current;
    }

    private void RequireKnown(RequestLog log, string layout)
    {
        if (layout != Layout)
        {
            throw new RegistryIndexException(DynamoDbProvider.Name, log.Operation,
                $"the table '{table}' says that the search table has the layout '{layout}', and this program knows '{PostingKey.Layout}'; use a newer program.", mayRetry: false);
        }
    }

    public async Task<string?> ReadMarkAsync(RequestLog log, string name, CancellationToken cancellationToken)
    {
        IndexMark.CheckName(name);
        var response = await sender.GetAsync(log, new GetItemRequest { TableName = table, Key = Key, ConsistentRead = true }, cancellationToken).ConfigureAwait(false);
        return response.Item?.GetValueOrDefault(MarkPrefix + name)?.S;
    }

    public async Task<bool> TryReplaceMarkAsync(RequestLog log, string name, string? expected, string? replacement, CancellationToken cancellationToken)
    {
        IndexMark.ThrowIfRefused(name, expected, replacement);
        var values = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        if (expected is not null)
            values[":expected"] = new(expected);
        if (replacement is not null)
            values[":replacement"] = new(replacement);
        var request = new UpdateItemRequest
        {
            TableName = table,
            Key = Key,
            UpdateExpression = replacement is null ? "REMOVE #mark" : "SET #mark = :replacement",
            ConditionExpression = expected is null ? "attribute_not_exists(#mark)" : "#mark = :expected",
            ExpressionAttributeNames = new() { ["#mark"] = MarkPrefix + name },
            ExpressionAttributeValues = values.Count == 0 ? null : values,
            ReturnValues = ReturnValue.ALL_NEW,
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
        var result = await sender.RepeatAsync(() => sender.UpdateOnceAsync(log, request, size: 0, null, cancellationToken), cancellationToken).ConfigureAwait(false);
        return result.IsDone || (result.MayBeDoneBefore && result.Found?.GetValueOrDefault(MarkPrefix + name)?.S == replacement);
    }

    private static Dictionary<string, AttributeValue> Key => new() { [KeyAttribute] = new() { N = Version } };

    // Only one of the processes that open the index does this: otherwise it could remove the mark of an adoption in this layout.
    private async Task<string> SetLayoutAsync(RequestLog log, string adoption, CancellationToken cancellationToken)
    {
        var request = new UpdateItemRequest
        {
            TableName = table,
            Key = Key,
            UpdateExpression = "SET #layout = :layout, #push_shards = :push_shards REMOVE #adoption",
            ConditionExpression = "attribute_not_exists(#layout) OR #layout = :former",
            ExpressionAttributeNames = new() { ["#layout"] = LayoutAttribute, ["#push_shards"] = PushShardsAttribute, ["#adoption"] = MarkPrefix + adoption },
            ExpressionAttributeValues = new() { [":layout"] = new(Layout), [":push_shards"] = new() { N = PushShards }, [":former"] = new(FormerLayout) },
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
        var result = await sender.RepeatAsync(() => sender.UpdateOnceAsync(log, request, size: 0, null, cancellationToken), cancellationToken).ConfigureAwait(false);
        return result.IsDone ? Layout : result.Found?.GetValueOrDefault(LayoutAttribute)?.S ?? Layout;
    }

    private async Task SetPushShardsAsync(RequestLog log, CancellationToken cancellationToken)
    {
        var request = new UpdateItemRequest
        {
            TableName = table,
            Key = Key,
            UpdateExpression = "SET #push_shards = :push_shards",
            ConditionExpression = "attribute_exists(#layout) AND attribute_not_exists(#push_shards)",
            ExpressionAttributeNames = new() { ["#layout"] = LayoutAttribute, ["#push_shards"] = PushShardsAttribute },
            ExpressionAttributeValues = new() { [":push_shards"] = new() { N = PushShards } },
        };
        await sender.RepeatAsync(() => sender.UpdateOnceAsync(log, request, size: 0, null, cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>The layout of the search table, according to the version row.</summary>
internal enum SearchLayout
{
    /// <summary>The row has no layout: it is a predecessor's row, or the index is still being created.</summary>
    None,

    /// <summary>The former layout, which is replaced in place.</summary>
    Former,

    /// <summary>The layout of this program.</summary>
    Current,
}
