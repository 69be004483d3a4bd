using System.Collections.Concurrent;
using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace RegistryIndex.Testing.DynamoDb;

/// <summary>
/// A client that simulates networks, crashes and a busy DynamoDB. Without any fault set, it only counts.
/// </summary>
public sealed class FaultyDynamoDb : AmazonDynamoDBClient
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private int _all;
    private int _inside;
    private bool _isDead;

    /// <param name="endpoint">The endpoint of DynamoDB.</param>
    /// <param name="serviceTime">The time in the answers. By default the answers keep their time.</param>
    public FaultyDynamoDb(string endpoint, TimeProvider? serviceTime = null)
        : base(new BasicAWSCredentials("test", "test"), DynamoDbServer.ConfigFor(endpoint))
    {
        if (serviceTime is not null)
            AfterResponseEvent += (_, response) => ((WebServiceResponseEventArgs)response).ResponseHeaders["Date"] = serviceTime.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>The source of randomness.</summary>
    public Random Random { get; init; } = new(1);

    /// <summary>The number of the call, from 1, at which the process dies. It and all later ones throw <see cref="ProcessKilledException"/>.</summary>
    public int? KillAt { get; set; }

    /// <summary>Whether the call at which it dies is still executed.</summary>
    public bool KillAfter { get; set; }

    /// <summary>Whether it has died.</summary>
    public bool HasDied => _isDead;

    /// <summary>The probability that a call is throttled.</summary>
    public double Throttled { get; set; }

    /// <summary>The probability that a call is executed and its reply is lost.</summary>
    public double RepliesLost { get; set; }

    /// <summary>The probability that an item of a batch is left unprocessed.</summary>
    public double Unprocessed { get; set; }

    /// <summary>The minimum duration of each call.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Awaited before each call, with the request. Its exceptions become those of the call.</summary>
    public Func<AmazonDynamoDBRequest, Task>? Before { get; set; }

    /// <summary>Awaited after each call, with the request and the response. Its exceptions become those of the call.</summary>
    public Func<AmazonDynamoDBRequest, AmazonWebServiceResponse, Task>? After { get; set; }

    /// <summary>The number of calls.</summary>
    public int Calls => _all;

    /// <summary>How often a call began while no other call was running, which is how often the index waited for DynamoDB.</summary>
    public int Waves { get; private set; }

    /// <summary>The number of calls of a kind, such as <c>Query</c>.</summary>
    public int CallsOf(string kind) => _calls.GetValueOrDefault(kind);

    /// <summary>Resets the counters.</summary>
    public void ResetCounts()
    {
        _calls.Clear();
        (_all, Waves) = (0, 0);
    }

    public override Task<QueryResponse> QueryAsync(QueryRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(request, () => base.QueryAsync(request, cancellationToken), cancellationToken);

    public override Task<ScanResponse> ScanAsync(ScanRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(request, () => base.ScanAsync(request, cancellationToken), cancellationToken);

    public override Task<GetItemResponse> GetItemAsync(GetItemRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(request, () => base.GetItemAsync(request, cancellationToken), cancellationToken);

    public override Task<UpdateItemResponse> UpdateItemAsync(UpdateItemRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(request, () => base.UpdateItemAsync(request, cancellationToken), cancellationToken);

    public override Task<DeleteItemResponse> DeleteItemAsync(DeleteItemRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(request, () => base.DeleteItemAsync(request, cancellationToken), cancellationToken);

    public override Task<DescribeTableResponse> DescribeTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        CallAsync(new DescribeTableRequest(tableName), () => base.DescribeTableAsync(tableName, cancellationToken), cancellationToken);

    public override Task<CreateTableResponse> CreateTableAsync(CreateTableRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(request, () => base.CreateTableAsync(request, cancellationToken), cancellationToken);

    public override Task<DeleteTableResponse> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        CallAsync(new DeleteTableRequest(tableName), () => base.DeleteTableAsync(tableName, cancellationToken), cancellationToken);

    /// <summary>Replaces the answer about backups, which DynamoDB Local does not support. Null passes the request on.</summary>
    public Func<UpdateContinuousBackupsRequest, UpdateContinuousBackupsResponse>? Backups { get; set; }

    public override Task<UpdateContinuousBackupsResponse> UpdateContinuousBackupsAsync(UpdateContinuousBackupsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(request, () => Backups is { } answer ? Task.FromResult(answer(request)) : base.UpdateContinuousBackupsAsync(request, cancellationToken), cancellationToken);

    /// <summary>The tables with point-in-time recovery, which DynamoDB Local does not support. Null passes the request on.</summary>
    public Func<string, bool>? IsRecoverable { get; set; }

    public override Task<DescribeContinuousBackupsResponse> DescribeContinuousBackupsAsync(DescribeContinuousBackupsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(request, () => IsRecoverable is { } isRecoverable ? Task.FromResult(AnswerOf(isRecoverable(request.TableName))) : base.DescribeContinuousBackupsAsync(request, cancellationToken), cancellationToken);

    private static DescribeContinuousBackupsResponse AnswerOf(bool isRecoverable) => new()
    {
        ContinuousBackupsDescription = new()
        {
            ContinuousBackupsStatus = ContinuousBackupsStatus.ENABLED,
            PointInTimeRecoveryDescription = new() { PointInTimeRecoveryStatus = isRecoverable ? PointInTimeRecoveryStatus.ENABLED : PointInTimeRecoveryStatus.DISABLED },
        },
    };

    public override Task<BatchGetItemResponse> BatchGetItemAsync(BatchGetItemRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(request, async () =>
        {
            var (table, keys) = request.RequestItems.Single();
            var (some, rest) = Split(keys.Keys);
            if (some.Count == 0)
                return new BatchGetItemResponse { Responses = [], UnprocessedKeys = new() { [table] = keys } };
            var part = new BatchGetItemRequest
            {
                RequestItems = new() { [table] = With(some) },
            };
            var response = await base.BatchGetItemAsync(part, cancellationToken);
            if (rest.Count > 0)
                response.UnprocessedKeys = new() { [table] = With(rest) };
            return response;

            KeysAndAttributes With(List<Dictionary<string, AttributeValue>> these) => new()
            {
                Keys = these,
                ConsistentRead = keys.ConsistentRead,
                ProjectionExpression = keys.ProjectionExpression,
                ExpressionAttributeNames = keys.ExpressionAttributeNames,
            };
        }, cancellationToken);

    public override Task<BatchWriteItemResponse> BatchWriteItemAsync(BatchWriteItemRequest request, CancellationToken cancellationToken = default) =>
        CallAsync(request, async () =>
        {
            var (table, writes) = request.RequestItems.Single();
            var (some, rest) = Split(writes);
            if (some.Count == 0)
                return new BatchWriteItemResponse { UnprocessedItems = new() { [table] = writes } };
            var part = new BatchWriteItemRequest { RequestItems = new() { [table] = some } };
            var response = await base.BatchWriteItemAsync(part, cancellationToken);
            if (rest.Count > 0)
                response.UnprocessedItems = new() { [table] = rest };
            return response;
        }, cancellationToken);

    private async Task<TResponse> CallAsync<TResponse>(AmazonDynamoDBRequest request, Func<Task<TResponse>> call, CancellationToken cancellationToken)
        where TResponse : AmazonWebServiceResponse
    {
        bool diesHere;
        lock (_gate)
        {
            if (_isDead)
                throw new ProcessKilledException();
            _all++;
            Waves += _inside++ == 0 ? 1 : 0;
            diesHere = _isDead = _all == KillAt;
        }

        try
        {
            _calls.AddOrUpdate(request.GetType().Name.Replace("Request", "", StringComparison.Ordinal), 1, (_, count) => count + 1);
            if (diesHere && !KillAfter)
                throw new ProcessKilledException();
            if (Before is not null)
                await Before(request);
            if (Happens(Throttled))
                throw new ProvisionedThroughputExceededException("throttled by the test") { ErrorCode = "ProvisionedThroughputExceededException" };
            var response = await call();
            await Task.Delay(Delay, cancellationToken);
            if (After is not null)
                await After(request, response);
            if (diesHere)
                throw new ProcessKilledException();
            if (Happens(RepliesLost))
                throw new HttpRequestException("reply lost by the test");
            return response;
        }
        finally
        {
            lock (_gate)
                _inside--;
        }
    }

    private (List<T> Now, List<T> Later) Split<T>(List<T> items)
    {
        var groups = items.ToLookup(_ => !Happens(Unprocessed));
        return ([.. groups[true]], [.. groups[false]]);
    }

    private bool Happens(double likely)
    {
        lock (_gate)
            return likely > 0 && Random.NextDouble() < likely;
    }
}

/// <summary>The process died here. No part of the program may continue.</summary>
public sealed class ProcessKilledException() : Exception("The process was killed by the test.");
