using System.Diagnostics;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.Aws;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// Sends all requests to DynamoDB. It retries a request until there is an answer or the deadline has passed, counts the cost, and turns the
/// client's exceptions into the exception of the index. Thread-safe.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="place">Where DynamoDB is, for error messages.</param>
/// <param name="retryTimeout">How long a request is retried without progress.</param>
/// <param name="metrics">Records the requests.</param>
/// <param name="time">The clock.</param>
/// <param name="writes">Limits the writes.</param>
/// <param name="reads">Limits the bulk reads.</param>
/// <param name="refused">Called when DynamoDB refuses a request because its table is gone or was replaced.</param>
/// <param name="logger">Logs that this machine's clock is wrong.</param>
/// <param name="clock">DynamoDB's clock.</param>
internal sealed class RequestSender(
    IAmazonDynamoDB client, string place, TimeSpan retryTimeout, RequestMetrics metrics, TimeProvider time, UnitBudget? writes = null, UnitBudget? reads = null, Action? refused = null,
    ILogger? logger = null, ServiceClock? clock = null)
{
    private readonly UnitBudget _writes = writes ?? new(0, time);
    private readonly UnitBudget _reads = reads ?? new(0, time);
    private readonly ClockSkew _skew = new(place, time, logger ?? NullLogger.Instance);
    private readonly AwsCredentialChain? _credentials = client.Config.DefaultAWSCredentials as AwsCredentialChain; // null for an application client

    public string Place { get; } = place;

    /// <summary>DynamoDB's clock.</summary>
    public ServiceClock Clock { get; } = clock ?? new(time);

    public Backoff NewBackoff() => new(time, retryTimeout);

    /// <summary>Sends a query.</summary>
    /// <param name="log">Counts the cost.</param>
    /// <param name="request">The query.</param>
    /// <param name="unread">How many bytes of each item are not read, but billed.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<QueryResponse> QueryAsync(RequestLog log, QueryRequest request, long unread, CancellationToken cancellationToken) => SendAsync(
        log, "Query", request.TableName, () => client.QueryAsync(request, cancellationToken), response => ReadOf(response.Items, request.ConsistentRead, unread), cancellationToken);

    /// <summary>
    /// Sends a scan. If the request reads only parts of the items, their size is unknown here, and the
    /// request must ask for the consumed capacity.
    /// </summary>
    public Task<ScanResponse> ScanAsync(RequestLog log, ScanRequest request, CancellationToken cancellationToken) => SendAsync(
        log, "Scan", request.TableName, () => client.ScanAsync(request, cancellationToken),
        response => response.ConsumedCapacity?.CapacityUnits is { } units ? new(units, 0) : ReadOf(response.Items, request.ConsistentRead), cancellationToken);

    public Task<GetItemResponse> GetAsync(RequestLog log, GetItemRequest request, CancellationToken cancellationToken) => SendAsync(
        log, "GetItem", request.TableName, () => client.GetItemAsync(request, cancellationToken), response => ReadOf(response.Item is null ? null : [response.Item], request.ConsistentRead), cancellationToken);

    /// <summary>Reads items by their keys.</summary>
    /// <param name="log">Counts the cost.</param>
    /// <param name="table">The table.</param>
    /// <param name="keys">The keys and the attributes to read.</param>
    /// <param name="unread">How many bytes of each item are not read, but billed.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<BatchGetItemResponse> BatchGetAsync(RequestLog log, string table, KeysAndAttributes keys, long unread, CancellationToken cancellationToken)
    {
        var request = new BatchGetItemRequest { RequestItems = new() { [table] = keys } };
        return SendAsync(log, "BatchGetItem", table, () => client.BatchGetItemAsync(request, cancellationToken), response =>
        {
            var items = response.Responses?.GetValueOrDefault(table) ?? [];
            var missing = keys.Keys.Count - items.Count - (response.UnprocessedKeys?.GetValueOrDefault(table)?.Keys?.Count ?? 0);
            var consistent = keys.ConsistentRead is true;
            return new Units(items.Sum(item => BilledUnits.Read(BilledUnits.SizeOf(item) + unread, consistent)) + (missing * BilledUnits.Read(0, consistent)), 0);
        }, cancellationToken);
    }

    public async Task<BatchWriteItemResponse> BatchWriteAsync(RequestLog log, string table, List<WriteRequest> writes, CancellationToken cancellationToken)
    {
        await _writes.SpendAsync(writes.Sum(SizeOf), cancellationToken).ConfigureAwait(false);
        var request = new BatchWriteItemRequest { RequestItems = new() { [table] = writes } };
        return await SendAsync(log, "BatchWriteItem", table, () => client.BatchWriteItemAsync(request, cancellationToken), response =>
            new Units(0, writes.Sum(SizeOf) - (response.UnprocessedItems?.GetValueOrDefault(table)?.Sum(SizeOf) ?? 0)), cancellationToken).ConfigureAwait(false);

        static double SizeOf(WriteRequest write) => BilledUnits.Write(BilledUnits.SizeOf(write.PutRequest?.Item));
    }

    /// <summary>Updates an item. The request is sent again if there is no answer.</summary>
    /// <param name="log">Counts the cost.</param>
    /// <param name="request">The update.</param>
    /// <param name="size">
    /// The size of the item, before or after the update, whichever is larger; used if the response does not contain the item.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<UpdateItemResponse> UpdateAsync(RequestLog log, UpdateItemRequest request, long size, CancellationToken cancellationToken) =>
        UpdateAsync(log, request, size, once: false, null, cancellationToken);

    /// <summary>Updates an item. The request is sent again only if it was certainly not carried out.</summary>
    /// <param name="log">Counts the cost.</param>
    /// <param name="request">The update.</param>
    /// <param name="size">
    /// The size of the item, before or after the update, whichever is larger; used if the response does not contain the item.
    /// </param>
    /// <param name="beforeEach">Called immediately before each attempt to send the request. Its exceptions reach the caller.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnansweredException">There was no answer, and the update may have been carried out.</exception>
    public Task<UpdateItemResponse> UpdateOnceAsync(RequestLog log, UpdateItemRequest request, long size, Action? beforeEach, CancellationToken cancellationToken) =>
        UpdateAsync(log, request, size, once: true, beforeEach, cancellationToken);

    /// <summary>Deletes an item. The request is sent again only if it was certainly not carried out.</summary>
    public async Task<DeleteItemResponse> DeleteOnceAsync(RequestLog log, DeleteItemRequest request, long size, CancellationToken cancellationToken)
    {
        await _writes.SpendAsync(BilledUnits.Write(size), cancellationToken).ConfigureAwait(false);
        return await SendAsync(
            log, "DeleteItem", request.TableName, () => client.DeleteItemAsync(request, cancellationToken), _ => new Units(0, BilledUnits.Write(size)), cancellationToken, once: true).ConfigureAwait(false);
    }

    /// <summary>Describes the table; null if it does not exist.</summary>
    public async Task<TableDescription?> DescribeTableAsync(RequestLog log, string table, CancellationToken cancellationToken)
    {
        try
        {
            var response = await SendAsync(log, "DescribeTable", table, () => client.DescribeTableAsync(table, cancellationToken), _ => default, cancellationToken).ConfigureAwait(false);
            return response.Table;
        }
        catch (RegistryIndexException error) when (error.InnerException is ResourceNotFoundException)
        {
            return null;
        }
    }

    public Task<CreateTableResponse> CreateTableAsync(RequestLog log, CreateTableRequest request, CancellationToken cancellationToken) =>
        SendAsync(log, "CreateTable", request.TableName, () => client.CreateTableAsync(request, cancellationToken), _ => default, cancellationToken);

    /// <summary>Switches point-in-time recovery on.</summary>
    public Task<UpdateContinuousBackupsResponse> KeepRecoverableAsync(RequestLog log, string table, CancellationToken cancellationToken)
    {
        var request = new UpdateContinuousBackupsRequest { TableName = table, PointInTimeRecoverySpecification = new() { PointInTimeRecoveryEnabled = true } };
        return SendAsync(log, "UpdateContinuousBackups", table, () => client.UpdateContinuousBackupsAsync(request, cancellationToken), _ => default, cancellationToken);
    }

    /// <summary>Whether point-in-time recovery is on.</summary>
    public async Task<bool> IsRecoverableAsync(RequestLog log, string table, CancellationToken cancellationToken)
    {
        var request = new DescribeContinuousBackupsRequest { TableName = table };
        var response = await SendAsync(log, "DescribeContinuousBackups", table, () => client.DescribeContinuousBackupsAsync(request, cancellationToken), _ => default, cancellationToken).ConfigureAwait(false);
        return response.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus == PointInTimeRecoveryStatus.ENABLED;
    }

    /// <summary>Drops the table. A table that does not exist counts as dropped.</summary>
    public async Task DeleteTableAsync(RequestLog log, string table, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(log, "DeleteTable", table, () => client.DeleteTableAsync(table, cancellationToken), _ => default, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryIndexException error) when (error.InnerException is ResourceNotFoundException)
        {
            // The table is already gone.
        }
    }

    private async Task<UpdateItemResponse> UpdateAsync(RequestLog log, UpdateItemRequest request, long size, bool once, Action? beforeEach, CancellationToken cancellationToken)
    {
        await _writes.SpendAsync(BilledUnits.Write(size), cancellationToken).ConfigureAwait(false);
        return await SendAsync(
            log, "UpdateItem", request.TableName, Send, response => new Units(0, BilledUnits.Write(Math.Max(size, BilledUnits.SizeOf(response.Attributes)))), cancellationToken, once).ConfigureAwait(false);

        Task<UpdateItemResponse> Send()
        {
            beforeEach?.Invoke();
            return client.UpdateItemAsync(request, cancellationToken);
        }
    }

    private async Task<TResponse> SendAsync<TResponse>(
        RequestLog log, string request, string table, Func<Task<TResponse>> send, Func<TResponse, Units> bill, CancellationToken cancellationToken, bool once = false)
    {
        var backoff = NewBackoff();
        var isSignedAgain = false;
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                var response = await send().ConfigureAwait(false);
                var units = bill(response);
                Count("ok", units);
                if (log.IsBulk)
                    await _reads.SpendAsync(units.Read, cancellationToken).ConfigureAwait(false);
                return response;
            }
            catch (ConditionalCheckFailedException error)
            {
                Count(Failures.CodeOf(error), new Units(0, BilledUnits.Write(BilledUnits.SizeOf(error.Item))));
                throw;
            }
            catch (Exception error) when (Failures.IsOfStore(error, cancellationToken))
            {
                Count(Failures.CodeOf(error), default);
                if (ClockSkew.DateOf(error) is { } date)
                    Clock.Note(date); // the only date if the client does not show the headers of its answers
                if (Failures.IsThrottle(error))
                    log.Throttled?.Invoke();
                if (Failures.IsOfTable(error) && !request.EndsWith("Table", StringComparison.Ordinal))
                    refused?.Invoke();
                var ahead = _skew.FindIn(error);
                if (!isSignedAgain && (ahead is not null || (Failures.AreCredentialsOld(error) && _credentials?.Renew() is true)))
                {
                    isSignedAgain = true; // with the time of the answer, or with new credentials
                    if (ahead is { } off)
                        _skew.Warn(off);
                    continue;
                }

                var isTransient = ahead is null && Failures.IsTransient(error, cancellationToken);
                var mayHaveBeenDone = once && isTransient && !Failures.IsRefusal(error);
                if (mayHaveBeenDone || !isTransient || !backoff.MayGoOn)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var described = Failures.Describe(log, new(table, Place), error, ahead, cancellationToken);
                    throw mayHaveBeenDone ? new UnansweredException(described) : described;
                }
            }

            await backoff.WaitAsync(cancellationToken).ConfigureAwait(false);

            void Count(string outcome, Units units)
            {
                log.Add(units);
                metrics.Record(log.Operation, request, outcome, units, Stopwatch.GetElapsedTime(start));
            }
        }
    }

    private static Units ReadOf(List<Dictionary<string, AttributeValue>>? items, bool? consistent, long unread = 0) =>
        new(BilledUnits.Read((items ?? []).Sum(item => BilledUnits.SizeOf(item) + unread), consistent is true), 0);
}

/// <summary>There was no answer to a request, which may have been carried out.</summary>
internal sealed class UnansweredException(RegistryIndexException described) : Exception(described.Message, described)
{
    /// <summary>The exception for the caller of the index.</summary>
    public RegistryIndexException Described { get; } = described;
}
