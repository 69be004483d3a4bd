using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>
/// Sees to it that the tables are there: creates them on demand, waits until they can be used, and checks the keys of
/// those that were there. Any number of processes may do so at once. Nothing that exists is ever altered.
/// </summary>
internal sealed class TableSetup(RequestSender sender, DynamoDbIndexOptions options, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>Looks at all that is there first, so that nothing is created beside something that is refused.</summary>
    /// <returns>The tables, ready for use.</returns>
    public async Task<TableDescription[]> EnsureAllAsync(RequestLog log, TableNames names, VersionRow versionRow, CancellationToken cancellationToken)
    {
        var schemas = TableSchema.Of(names);
        var found = await Task.WhenAll(schemas.Select(schema => FindAsync(log, schema, cancellationToken))).ConfigureAwait(false);
        var ready = found.OfType<TableDescription>().Where(IsReady).ToArray();
        if (ready.Length == schemas.Count)
            return ready;
        if (ready.Any(table => table.TableName == names.Version))
            await versionRow.CheckAsync(log, cancellationToken).ConfigureAwait(false);
        return await Task.WhenAll(schemas.Select(schema => EnsureAsync(log, schema, cancellationToken))).ConfigureAwait(false);
    }

    private static bool IsReady(TableDescription table) => table.TableStatus?.Value is "ACTIVE" or "UPDATING";

    private async Task<TableDescription> EnsureAsync(RequestLog log, TableSchema schema, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var wait = FirstWait;
        var wasCreated = false;
        while (true)
        {
            var table = await FindAsync(log, schema, cancellationToken).ConfigureAwait(false);
            if (table is not null && IsReady(table))
                return table;
            var status = table?.TableStatus?.Value;
            if (status is not (null or "CREATING" or "DELETING"))
                throw Error(log, $"the table '{schema.Table}' is {status} and cannot be used.", mayRetry: false);
            // A table that has just been created may not be seen for a moment.
            if (status is null && !wasCreated)
            {
                wasCreated = true;
                await CreateAsync(log, schema, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (time.GetElapsedTime(start) > TimeSpan.FromSeconds(options.TableTimeout))
            {
                throw Error(log, $"the table '{schema.Table}' is {status ?? "not to be seen"} after {options.TableTimeout} seconds (table_timeout); try again later.", mayRetry: true);
            }

            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            wasCreated &= status != "DELETING";
        }
    }

    /// <summary>Looks at a table without creating it or waiting for it.</summary>
    /// <returns>The table; null when there is none.</returns>
    public async Task<TableDescription?> FindAsync(RequestLog log, TableSchema schema, CancellationToken cancellationToken)
    {
        var table = await sender.DescribeTableAsync(log, schema.Table, cancellationToken).ConfigureAwait(false);
        return table is not null && schema.FindProblem(table) is { } problem ? throw Error(log, problem, mayRetry: false) : table;
    }

    private async Task CreateAsync(RequestLog log, TableSchema schema, CancellationToken cancellationToken)
    {
        if (!options.CreateTables)
            throw Error(log, $"there is no table '{schema.Table}' at {sender.Place}, and create_tables is off: create it, or switch that on.", mayRetry: false);
        try
        {
            await sender.CreateTableAsync(log, schema.ToRequest(), cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryIndexException error) when (error.InnerException is ResourceInUseException)
        {
            // Somebody else was first.
        }
    }

    private static RegistryIndexException Error(RequestLog log, string problem, bool mayRetry) =>
        new(DynamoDbBackend.Name, log.Operation, problem, mayRetry);
}
