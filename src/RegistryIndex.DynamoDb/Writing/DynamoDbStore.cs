using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>
/// The store of the write protocol in DynamoDB, for one call of the index. Repositories that are written concurrently share batches and a
/// gate that adapts to DynamoDB's throttling.
/// </summary>
internal sealed class DynamoDbStore : IIndexStore
{
    private const int StartingRequests = 8;
    private const int MostRequests = 32;

    // Reads are fast: a few concurrent requests keep up with all the writes, and each of them gathers many names.
    private const int MostReadRequests = 2;

    private readonly RequestSender _sender;
    private readonly TableNames _tables;
    private readonly RequestLog _log;
    private readonly AdaptiveGate _gate = new(StartingRequests, MostRequests);
    private readonly Batcher<Read> _reads;
    private readonly Batcher<WriteRequest> _postings;
    private readonly Action<string>? _written;
    private readonly CancellationToken _cancellation;

    // Rows that were read for many names at once. Each serves one read: a retry after a failed condition must read the row again.
    private readonly ConcurrentDictionary<string, RepositoryRow?> _readAhead = new(StringComparer.Ordinal);

    /// <param name="sender">Sends the requests.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="operation">The name of the call of the index.</param>
    /// <param name="written">Called for each row that was written, or may have been, before its writer continues.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="isBulk">As in <see cref="RequestLog.IsBulk"/>.</param>
    public DynamoDbStore(RequestSender sender, TableNames tables, string operation, Action<string>? written, CancellationToken cancellationToken, bool isBulk = false)
    {
        (_sender, _tables, _written, _cancellation) = (sender, tables, written, cancellationToken);
        _log = new RequestLog(operation) { IsBulk = isBulk, Throttled = _gate.Slow };
        _reads = new(Batches.MostReads, MostReadRequests, _gate, SendReadsAsync, cancellationToken);
        _postings = new(Batches.MostWrites, MostRequests, _gate, writes => sender.WriteAllAsync(_log, tables.Search, [.. writes], cancellationToken), cancellationToken);
    }

    public ServiceClock Clock => _sender.Clock;

    /// <summary>The cost of the call so far.</summary>
    public RequestLog Log => _log;

    /// <summary>Reads rows that will be read one by one, in as few requests as possible.</summary>
    public async Task ReadAheadAsync(IReadOnlyCollection<string> names)
    {
        var reads = names.Select(name => new Read(name)).ToList();
        await _reads.SendAsync(reads).ConfigureAwait(false);
        foreach (var read in reads)
            _readAhead[read.Name] = read.Row;
    }

    /// <summary>Adds a row that other code has just read consistently.</summary>
    public void ReadAhead(RepositoryRow row) => _readAhead[row.Name] = row;

    public async Task<RepositoryRow?> ReadAsync(string name)
    {
        if (_readAhead.TryRemove(name, out var known))
            return known;
        var read = new Read(name);
        await _reads.SendAsync([read]).ConfigureAwait(false);
        return read.Row;
    }

    public Task WritePostingsAsync(IReadOnlyList<Posting> postings) =>
        _postings.SendAsync([.. postings.Select(posting => new WriteRequest(new PutRequest(posting.ToItem())))]);

    public Task DeletePostingsAsync(IReadOnlyList<Posting> postings) => DeleteFromSearchAsync(postings.Select(posting => posting.Key));

    /// <summary>Deletes items of the search table by their keys.</summary>
    public Task DeleteFromSearchAsync(IEnumerable<Dictionary<string, AttributeValue>> keys) =>
        _postings.SendAsync([.. keys.Select(key => new WriteRequest(new DeleteRequest(key)))]);

    public Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld) =>
        _gate.RunAsync(() => WriteAsync(row.Name, () => PutAsync(row, read, isTooOld)), _cancellation);

    public Task<Removal> TryRemoveAsync(RepositoryRow read) =>
        _gate.RunAsync(() => WriteAsync(read.Name, () => RemoveAsync(read)), _cancellation);

    private async Task<T> WriteAsync<T>(string name, Func<Task<T>> write)
    {
        try
        {
            return await write().ConfigureAwait(false);
        }
        finally
        {
            _written?.Invoke(name);
        }
    }

    private async Task SendReadsAsync(IReadOnlyList<Read> reads)
    {
        var keys = reads.Select(read => read.Name).Distinct(StringComparer.Ordinal).Select(RepositoryRow.KeyOf).ToList();
        var items = await _sender.ReadAllAsync(_log, _tables.Repository, keys, consistent: true, _cancellation).ConfigureAwait(false);
        var rows = items.Select(RepositoryRow.FromItem).ToDictionary(row => row.Name, StringComparer.Ordinal);
        foreach (var read in reads)
            read.Row = rows.GetValueOrDefault(read.Name);
    }

    private async Task<PutResult> PutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld)
    {
        var condition = new RowCondition(read);
        var values = condition.Values;
        values[":nonce"] = new(row.Nonce);
        values[":of_name"] = new(row.NameNonce);
        var (change, removal) = ("SET #nonce = :nonce, #of_name = :of_name", "");
        if (row.Description is not null && row.Description != read?.Description)
        {
            change += ", #description = :description";
            values[":description"] = new(row.Description);
        }
        else if (row.Description != read?.Description)
        {
            removal = " REMOVE #description";
        }

        if (row.FactsNonce is not null && row.FactsNonce != read?.FactsNonce)
        {
            change += ", #of_facts = :of_facts, #facts = :facts";
            values[":of_facts"] = new(row.FactsNonce);
            values[":facts"] = new(row.Facts!.ToJson());
        }

        change += removal;

        var request = new UpdateItemRequest
        {
            TableName = _tables.Repository,
            Key = RepositoryRow.KeyOf(row.Name),
            UpdateExpression = change,
            ConditionExpression = condition.Expression,
            ExpressionAttributeNames = RowCondition.NamesIn(change + condition.Expression),
            ExpressionAttributeValues = values,
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
        try
        {
            var size = Math.Max(read?.Size ?? 0, BilledUnits.SizeOf(row.ToItem()));
            await _sender.UpdateOnceAsync(_log, request, size, ThrowIfTooOld, _cancellation).ConfigureAwait(false);
            return PutResult.Written;
        }
        catch (TooOldException)
        {
            return PutResult.Refused;
        }
        catch (ConditionalCheckFailedException error)
        {
            // A client that retries requests itself, against our advice, may be refused because its own first request succeeded.
            var isOwn = error.Item is { Count: > 0 } found && RepositoryRow.FromItem(found).HasNonce(row.NonceSince(read));
            return isOwn ? PutResult.Unknown : PutResult.Refused;
        }
        catch (UnansweredException)
        {
            await _sender.NewBackoff().WaitAsync(_cancellation).ConfigureAwait(false);
            return PutResult.Unknown;
        }

        void ThrowIfTooOld()
        {
            if (isTooOld())
                throw new TooOldException();
        }
    }

    private async Task<Removal> RemoveAsync(RepositoryRow read)
    {
        var condition = new RowCondition(read);
        var request = new DeleteItemRequest
        {
            TableName = _tables.Repository,
            Key = RepositoryRow.KeyOf(read.Name),
            ConditionExpression = condition.Expression,
            ExpressionAttributeNames = RowCondition.NamesIn(condition.Expression),
            ExpressionAttributeValues = condition.Values.Count == 0 ? null : condition.Values,
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
        // The request may be sent again, because the nonce of a removed row never comes back.
        var result = await _sender.RepeatAsync(() => _sender.DeleteOnceAsync(_log, request, read.Size, _cancellation), _cancellation).ConfigureAwait(false);
        return result switch
        {
            { IsDone: true } => Removal.Removed,
            { Found: not null } => Removal.Changed,
            { MayBeDoneBefore: true } => Removal.Removed,
            _ => Removal.AlreadyGone,
        };
    }

    private sealed class TooOldException : Exception;

    private sealed class Read(string name)
    {
        public string Name { get; } = name;

        public RepositoryRow? Row { get; set; }
    }
}
