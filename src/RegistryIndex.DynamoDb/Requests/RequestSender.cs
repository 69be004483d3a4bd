using System.Diagnostics;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.Aws;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// The one way to DynamoDB: sends a request until it is answered or the deadline is over, counts what it costs, and turns
/// what the client throws into the error of the index. Thread-safe.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="place">Where DynamoDB is, for errors.</param>
/// <param name="retryTimeout">How long a request is tried again without progress.</param>
/// <param name="metrics">Told what is sent.</param>
/// <param name="time">The clock.</param>
/// <param name="writes">Limits the writes.</param>
/// <param name="reads">Limits the reads in bulk.</param>
/// <param name="refused">Told when a request is refused because its table is not what it was: gone, or another one.</param>
/// <param name="logger">Told that the clock of this machine is wrong.</param>
/// <param name="clock">What time it is at DynamoDB.</param>
internal sealed class RequestSender(
    IAmazonDynamoDB client, string place, TimeSpan retryTimeout, RequestMetrics metrics, TimeProvider time, UnitBudget? writes = null, UnitBudget? reads = null, Action? refused = null,
    ILogger? logger = null, ServiceClock? clock = null)
{
    private readonly UnitBudget _writes = writes ?? new(0, time);
    private readonly UnitBudget _reads = reads ?? new(0, time);
    private readonly ClockSkew _skew = new(place, time, logger ?? NullLogger.Instance);
    private readonly AwsCredentialChain? _credentials = client.Config.DefaultAWSCredentials as AwsCredentialChain; // none of a client of the application's own

    public string Place { get; } = place;

    /// <summary>What time it is at DynamoDB.</summary>
    public ServiceClock Clock { get; } = clock ?? new(time);

    public Backoff NewBackoff() => new(time, retryTimeout);

    /// <summary>Queries.</summary>
    /// <param name="log">Where its cost is counted.</param>
    /// <param name="request">The query.</param>
    /// <param name="unread">How many bytes of each item are not asked for, and billed all the same.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<QueryResponse> QueryAsync(RequestLog log, QueryRequest request, long unread, CancellationToken cancellationToken) => SendAsync(
        log, "Query", request.TableName, () => client.QueryAsync(request, cancellationToken), response => ReadOf(response.Items, request.ConsistentRead, unread), cancellationToken);

    /// <summary>Scans; where only parts of the items are asked for, their size is not known here, and the request must have the units reported.</summary>
    public Task<ScanResponse> ScanAsync(RequestLog log, ScanRequest request, CancellationToken cancellationToken) => SendAsync(
        log, "Scan", request.TableName, () => client.ScanAsync(request, cancellationToken),
        response => response.ConsumedCapacity?.CapacityUnits is { } units ? new(units, 0) : ReadOf(response.Items, request.ConsistentRead), cancellationToken);

    public Task<GetItemResponse> GetAsync(RequestLog log, GetItemRequest request, CancellationToken cancellationToken) => SendAsync(
        log, "GetItem", request.TableName, () => client.GetItemAsync(request, cancellationToken), response => ReadOf(response.Item is null ? null : [response.Item], request.ConsistentRead), cancellationToken);

    /// <summary>Reads items by their keys.</summary>
    /// <param name="log">Where its cost is counted.</param>
    /// <param name="table">The table.</param>
    /// <param name="keys">The keys, and which attributes are asked for.</param>
    /// <param name="unread">How many bytes of each item are not asked for, and billed all the same.</param>
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

    /// <summary>Updates an item; the request is sent again where no answer came.</summary>
    /// <param name="log">Where its cost is counted.</param>
    /// <param name="request">The update.</param>
    /// <param name="size">The item's size in its larger form, where the response does not bring it along.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<UpdateItemResponse> UpdateAsync(RequestLog log, UpdateItemRequest request, long size, CancellationToken cancellationToken) =>
        UpdateAsync(log, request, size, once: false, null, cancellationToken);

    /// <summary>Updates an item; the request is only sent again where it surely was not carried out.</summary>
    /// <param name="log">Where its cost is counted.</param>
    /// <param name="request">The update.</param>
    /// <param name="size">The item's size in its larger form, where the response does not bring it along.</param>
    /// <param name="beforeEach">Called right before each time that it is sent; what it throws, the call throws.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UnansweredException">It may have been carried out.</exception>
    public Task<UpdateItemResponse> UpdateOnceAsync(RequestLog log, UpdateItemRequest request, long size, Action? beforeEach, CancellationToken cancellationToken) =>
        UpdateAsync(log, request, size, once: true, beforeEach, cancellationToken);

    /// <summary>Deletes an item; the request is only sent again where it surely was not carried out.</summary>
    public async Task<DeleteItemResponse> DeleteOnceAsync(RequestLog log, DeleteItemRequest request, long size, CancellationToken cancellationToken)
    {
        await _writes.SpendAsync(BilledUnits.Write(size), cancellationToken).ConfigureAwait(false);
        return await SendAsync(
            log, "DeleteItem", request.TableName, () => client.DeleteItemAsync(request, cancellationToken), _ => new Units(0, BilledUnits.Write(size)), cancellationToken, once: true).ConfigureAwait(false);
    }

    /// <summary>The table as it is, or null when there is none.</summary>
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

    /// <summary>Drops the table; one that is not there is dropped already.</summary>
    public async Task DeleteTableAsync(RequestLog log, string table, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(log, "DeleteTable", table, () => client.DeleteTableAsync(table, cancellationToken), _ => default, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryIndexException error) when (error.InnerException is ResourceNotFoundException)
        {
            // As it should be.
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
                    Clock.Note(date); // all that is known where the client shows no headers of its answers
                if (Failures.IsThrottle(error))
                    log.Throttled?.Invoke();
                if (Failures.IsOfTable(error) && !request.EndsWith("Table", StringComparison.Ordinal))
                    refused?.Invoke();
                var ahead = _skew.FindIn(error);
                if (!isSignedAgain && (ahead is not null || (Failures.AreCredentialsOld(error) && _credentials?.Renew() is true)))
                {
                    isSignedAgain = true; // with the time of the answer, or with credentials that are new
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

/// <summary>A request that may have been carried out, though no answer came.</summary>
internal sealed class UnansweredException(RegistryIndexException described) : Exception(described.Message, described)
{
    /// <summary>The error for the caller of the index.</summary>
    public RegistryIndexException Described { get; } = described;
}
