using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>Sends batches until DynamoDB has processed every item, so that an answer is never incomplete.</summary>
internal static class Batches
{
    /// <summary>The largest number of keys in a BatchGetItem.</summary>
    public const int MostReads = 100;

    /// <summary>The largest number of items in a BatchWriteItem.</summary>
    public const int MostWrites = 25;

    /// <summary>Reads up to <see cref="MostReads"/> different keys.</summary>
    public static Task<List<Dictionary<string, AttributeValue>>> ReadAllAsync(
        this RequestSender sender, RequestLog log, string table, List<Dictionary<string, AttributeValue>> keys, bool consistent, CancellationToken cancellationToken) =>
        ReadAllAsync(sender, log, table, new KeysAndAttributes { Keys = keys, ConsistentRead = consistent }, unread: 0, cancellationToken);

    /// <summary>Reads up to <see cref="MostReads"/> different keys.</summary>
    /// <param name="sender">Sends the requests.</param>
    /// <param name="log">Counts the cost.</param>
    /// <param name="table">The table.</param>
    /// <param name="wanted">The keys and the attributes to read.</param>
    /// <param name="unread">How many bytes of each item are not read, but billed.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<List<Dictionary<string, AttributeValue>>> ReadAllAsync(
        this RequestSender sender, RequestLog log, string table, KeysAndAttributes wanted, long unread, CancellationToken cancellationToken)
    {
        var keys = wanted.Keys;
        var found = new List<Dictionary<string, AttributeValue>>(keys.Count);
        var backoff = sender.NewBackoff();
        while (true)
        {
            wanted.Keys = keys;
            var response = await sender.BatchGetAsync(log, table, wanted, unread, cancellationToken).ConfigureAwait(false);
            found.AddRange(response.Responses?.GetValueOrDefault(table) ?? []);
            var left = response.UnprocessedKeys?.GetValueOrDefault(table)?.Keys ?? [];
            if (left.Count == 0)
                return found;
            await WaitAsync(sender, log, table, backoff, progressed: left.Count < keys.Count, cancellationToken).ConfigureAwait(false);
            keys = left;
        }
    }

    /// <summary>Writes or deletes up to <see cref="MostWrites"/> items with different keys.</summary>
    public static async Task WriteAllAsync(
        this RequestSender sender, RequestLog log, string table, List<WriteRequest> writes, CancellationToken cancellationToken)
    {
        var backoff = sender.NewBackoff();
        while (true)
        {
            var response = await sender.BatchWriteAsync(log, table, writes, cancellationToken).ConfigureAwait(false);
            var left = response.UnprocessedItems?.GetValueOrDefault(table) ?? [];
            if (left.Count == 0)
                return;
            await WaitAsync(sender, log, table, backoff, progressed: left.Count < writes.Count, cancellationToken).ConfigureAwait(false);
            writes = left;
        }
    }

    private static async Task WaitAsync(RequestSender sender, RequestLog log, string table, Backoff backoff, bool progressed, CancellationToken cancellationToken)
    {
        log.Throttled?.Invoke();
        if (progressed)
            backoff.Progressed();
        if (!backoff.MayGoOn)
        {
            throw new RegistryIndexException(DynamoDbProvider.Name, log.Operation,
                $"{sender.Place} left items of the table '{table}' unprocessed for longer than retry_timeout; try again later.", mayRetry: true);
        }

        await backoff.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
