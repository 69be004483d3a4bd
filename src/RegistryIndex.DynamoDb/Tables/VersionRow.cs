using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>
/// The single row of the version table. A predecessor takes the first row of a scan for the schema version, so whatever
/// else is to be remembered is an attribute of that row, never a second one.
/// </summary>
internal sealed class VersionRow(RequestSender sender, string table)
{
    public const string KeyAttribute = "version";

    private const string Version = "1";
    private const string LayoutAttribute = "layout";
    private const string MarkPrefix = "mark_";

    private static readonly string Layout = PostingKey.Layout.ToString(CultureInfo.InvariantCulture);
    private static readonly string FormerLayout = PostingKey.FormerLayout.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes the row of a new index, or of one whose layout is a former one; refuses any other version or layout.</summary>
    /// <param name="log">Where its cost is counted.</param>
    /// <param name="adoption">The mark of the adoption, which begins anew with the layout: the rows may have been written in a former one since.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task EnsureAsync(RequestLog log, string adoption, CancellationToken cancellationToken)
    {
        if (await CheckAsync(log, cancellationToken).ConfigureAwait(false) != SearchLayout.Current)
            RequireKnown(log, await SetLayoutAsync(log, adoption, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Refuses any other version or layout, and writes nothing.</summary>
    /// <returns>What the row says of the search table.</returns>
    public async Task<SearchLayout> CheckAsync(RequestLog log, CancellationToken cancellationToken)
    {
        var rows = await sender.ScanAsync(log, new ScanRequest { TableName = table, ConsistentRead = true }, cancellationToken).ConfigureAwait(false);
        foreach (var foreign in (rows.Items ?? []).Select(row => row[KeyAttribute].N).Where(version => version != Version))
        {
            throw new RegistryIndexException(DynamoDbBackend.Name, log.Operation,
                $"the table '{table}' says schema version {foreign}, and this program knows version {Version}; name another table, or use the program that wrote it.", mayRetry: false);
        }

        var layout = rows.Items is [var row, ..] ? row.GetValueOrDefault(LayoutAttribute)?.S : null;
        if (layout is null || layout == FormerLayout)
            return layout is null ? SearchLayout.None : SearchLayout.Former;
        RequireKnown(log, layout);
        return SearchLayout.Current;
    }

    private void RequireKnown(RequestLog log, string layout)
    {
        if (layout != Layout)
        {
            throw new RegistryIndexException(DynamoDbBackend.Name, log.Operation,
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

    // Once only, however many processes open the index: the mark that is removed must not be that of an adoption in this layout.
    private async Task<string> SetLayoutAsync(RequestLog log, string adoption, CancellationToken cancellationToken)
    {
        var request = new UpdateItemRequest
        {
            TableName = table,
            Key = Key,
            UpdateExpression = "SET #layout = :layout REMOVE #adoption",
            ConditionExpression = "attribute_not_exists(#layout) OR #layout = :former",
            ExpressionAttributeNames = new() { ["#layout"] = LayoutAttribute, ["#adoption"] = MarkPrefix + adoption },
            ExpressionAttributeValues = new() { [":layout"] = new(Layout), [":former"] = new(FormerLayout) },
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
        var result = await sender.RepeatAsync(() => sender.UpdateOnceAsync(log, request, size: 0, null, cancellationToken), cancellationToken).ConfigureAwait(false);
        return result.IsDone ? Layout : result.Found?.GetValueOrDefault(LayoutAttribute)?.S ?? Layout;
    }
}

/// <summary>Which layout the search table has, as the version row says.</summary>
internal enum SearchLayout
{
    /// <summary>It says nothing: it is a predecessor's, or the index is still being made.</summary>
    None,

    /// <summary>The former one, which is replaced in place.</summary>
    Former,

    /// <summary>The one of this program.</summary>
    Current,
}
