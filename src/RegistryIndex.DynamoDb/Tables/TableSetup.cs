using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>
/// Sees to it that the tables are there: creates them on demand, waits until they can be used, and checks the keys of
/// those that were there. Any number of processes may do so at once. Nothing that exists is ever altered, and nothing that
/// is lost is made again without being told to.
/// </summary>
internal sealed class TableSetup(RequestSender sender, DynamoDbIndexOptions options, TableNames names, IndexTraces traces, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // Somebody else may just be making them, and a new table may not be seen everywhere at once.
    private const int LooksBeforeLost = 3;

    private readonly IReadOnlyList<TableSchema> _schemas = TableSchema.Of(names);

    /// <summary>Looks at the tables without creating any or waiting for them.</summary>
    public async Task<FoundTables> FindAsync(RequestLog log, CancellationToken cancellationToken) =>
        FoundTables.Of(await Task.WhenAll(_schemas.Select(schema => FindAsync(log, schema, cancellationToken))).ConfigureAwait(false));

    /// <summary>The same, and refuses an index of which a table is lost.</summary>
    public async Task<FoundTables> FindNotLostAsync(RequestLog log, CancellationToken cancellationToken)
    {
        var wait = FirstWait;
        for (var looks = 1; ; looks++, wait *= 2)
        {
            var found = await FindAsync(log, cancellationToken).ConfigureAwait(false);
            if (found.IsWhole || await traces.FindAsync(log, found, cancellationToken).ConfigureAwait(false) is not { } trace)
                return found;
            if (looks == LooksBeforeLost)
                ThrowIfLost(log, found, trace);
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Refuses tables that are not as they were when the index was opened: of which one is gone, or cannot be used yet.</summary>
    public void RequireUsable(RequestLog log, FoundTables found)
    {
        ThrowIfLost(log, found, "this process has used it");
        if (found.All.FirstOrDefault(table => !FoundTables.CanBeUsed(table)) is { } table)
            throw Error(log, $"the table '{table.TableName}' is {table.TableStatus?.Value}; try again later.", mayRetry: true);
    }

    /// <summary>Looks at all that is there first, so that nothing is created beside something that is refused.</summary>
    /// <param name="log">Where its cost is counted.</param>
    /// <param name="again">Whether to make a table again that is lost.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The tables, ready for use.</returns>
    public async Task<FoundTables> EnsureAsync(RequestLog log, bool again, CancellationToken cancellationToken)
    {
        var found = await (again ? FindAsync(log, cancellationToken) : FindNotLostAsync(log, cancellationToken)).ConfigureAwait(false);
        if (found.IsReady)
            return found;
        var ensured = await Task.WhenAll(_schemas.Select(schema => EnsureAsync(log, schema, cancellationToken))).ConfigureAwait(false);
        if (options.PointInTimeRecovery)
            await KeepRecoverableAsync(log, [.. ensured.Where(one => one.IsNew).Select(one => one.Table.TableName)], cancellationToken).ConfigureAwait(false);
        return FoundTables.Of([.. ensured.Select(one => one.Table)]);
    }

    private async Task<(TableDescription Table, bool IsNew)> EnsureAsync(RequestLog log, TableSchema schema, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var wait = FirstWait;
        var (wasCreated, isNew) = (false, false);
        while (true)
        {
            var table = await FindAsync(log, schema, cancellationToken).ConfigureAwait(false);
            if (table is not null && FoundTables.CanBeUsed(table))
                return (table, isNew);

            var status = table?.TableStatus?.Value;
            isNew |= status is null or "CREATING"; // its creator may crash before all settings are applied
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
            wait = Longer(wait);
            wasCreated &= status != "DELETING";
        }
    }

    private async Task<TableDescription?> FindAsync(RequestLog log, TableSchema schema, CancellationToken cancellationToken)
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
            await sender.CreateTableAsync(log, schema.ToRequest().With(options), cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryIndexException error) when (error.InnerException is ResourceInUseException)
        {
            // Somebody else was first.
        }
    }

    // It cannot be asked for when a table is created, and not at once afterwards.
    private async Task KeepRecoverableAsync(RequestLog log, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        var errors = await Task.WhenAll(tables.Select(table => TryKeepRecoverableAsync(log, table, cancellationToken))).ConfigureAwait(false);
        var failed = tables.Zip(errors).Where(one => one.Second is not null).ToList();
        if (failed.Count == 0)
            return;
        var (are, their) = failed.Count == 1 ? ("is", "its") : ("are", "their");
        throw Error(log, $"{TableNames.Show(failed.Select(one => one.First))} {are} created, and {their} point-in-time recovery could not be switched on ({failed[0].Second!.InnerException?.Message.TrimEnd('.')}); "
            + "switch it on in AWS, because an existing table is never altered, or set point_in_time_recovery to false.", mayRetry: false);
    }

    private async Task<RegistryIndexException?> TryKeepRecoverableAsync(RequestLog log, string table, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var wait = FirstWait; ; wait = Longer(wait))
        {
            try
            {
                await sender.KeepRecoverableAsync(log, table, cancellationToken).ConfigureAwait(false);
                return null;
            }
            catch (RegistryIndexException error) when (error.InnerException is not ContinuousBackupsUnavailableException || time.GetElapsedTime(start) > TimeSpan.FromSeconds(options.TableTimeout))
            {
                return error;
            }
            catch (RegistryIndexException)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static TimeSpan Longer(TimeSpan wait) => wait * 2 < LongestWait ? wait * 2 : LongestWait;

    private void ThrowIfLost(RequestLog log, FoundTables found, string trace)
    {
        if (_schemas.Zip(found.All).FirstOrDefault(one => !FoundTables.IsThere(one.Second)) is not ({ Table: var table }, _))
            return;
        var anew = table == names.Repository ? "makes it anew and empty, so that the repositories must be loaded again"
            : table == names.Search ? "makes it anew from the repositories"
            : "makes it anew";
        throw Error(log, $"the table '{table}' is lost: there is none at {sender.Place}, and {trace}; restore it from a backup, or run `registry-index rebuild --create`, which {anew}.", mayRetry: false);
    }

    private static RegistryIndexException Error(RequestLog log, string problem, bool mayRetry) =>
        new(DynamoDbBackend.Name, log.Operation, problem, mayRetry);
}
