using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>
/// Ensures that the tables exist: creates them on demand, waits until they can be used, and checks the keys of existing tables. Any number of
/// processes may do this at the same time. Existing tables are never altered, and a lost table is recreated only on request.
/// </summary>
internal sealed class TableSetup(RequestSender sender, DynamoDbIndexOptions options, TableNames names, IndexTraces traces, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // Another process may be creating the tables, and a new table may not be visible everywhere at once.
    private const int LooksBeforeLost = 3;

    private readonly IReadOnlyList<TableSchema> _schemas = TableSchema.Of(names);

    /// <summary>Describes the tables, without creating any or waiting for them.</summary>
    public async Task<FoundTables> FindAsync(RequestLog log, CancellationToken cancellationToken) =>
        FoundTables.Of(await Task.WhenAll(_schemas.Select(schema => FindAsync(log, schema, cancellationToken))).ConfigureAwait(false));

    /// <summary>Describes the tables, and throws if a table of the index is lost.</summary>
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

    /// <summary>Throws if one of the tables of an open index is gone or cannot be used.</summary>
    public void RequireUsable(RequestLog log, FoundTables found)
    {
        ThrowIfLost(log, found, "this process has used it");
        if (found.All.FirstOrDefault(table => !FoundTables.CanBeUsed(table)) is { } table)
            throw Error(log, $"the table '{table.TableName}' is {table.TableStatus?.Value}; try again later.", mayRetry: true);
    }

    /// <summary>Ensures that all tables exist. All tables are checked first, so that nothing is created beside a table that is refused.</summary>
    /// <param name="log">Counts the cost.</param>
    /// <param name="again">Whether to recreate a lost table.</param>
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
            isNew |= status is null or "CREATING"; // its creator may crash before it has applied all settings
            if (status is not (null or "CREATING" or "DELETING"))
                throw Error(log, $"the table '{schema.Table}' is {status} and cannot be used.", mayRetry: false);
            // A table that was just created may be invisible for a moment.
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
            throw Error(log, $"the table '{schema.Table}' does not exist at {sender.Place}, and create_tables is false: create the table, or set create_tables to true.", mayRetry: false);
        try
        {
            await sender.CreateTableAsync(log, schema.ToRequest().With(options), cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryIndexException error) when (error.InnerException is ResourceInUseException)
        {
            // Another process created the table first.
        }
    }

    // Point-in-time recovery cannot be requested when a table is created, and not immediately afterwards.
    private async Task KeepRecoverableAsync(RequestLog log, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        var errors = await Task.WhenAll(tables.Select(table => TryKeepRecoverableAsync(log, table, cancellationToken))).ConfigureAwait(false);
        var failed = tables.Zip(errors).Where(one => one.Second is not null).ToList();
        if (failed.Count == 0)
            return;
        var (are, their) = failed.Count == 1 ? ("is", "its") : ("are", "their");
        throw Error(log, $"{TableNames.Show(failed.Select(one => one.First))} {are} created, and {their} point-in-time recovery could not be switched on ({failed[0].Second!.InnerException?.Message.TrimEnd('.')}); "
            + "switch it on in AWS, because the index never alters an existing table, or set point_in_time_recovery to false.", mayRetry: false);
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
        var anew = table == names.Repository ? "recreates it empty, so that the repositories must be loaded again"
            : table == names.Search ? "recreates it from the repositories"
            : "recreates it";
        throw Error(log, $"the table '{table}' is lost: it does not exist at {sender.Place}, and {trace}; restore it from a backup, or run `registry-index rebuild --create`, which {anew}.", mayRetry: false);
    }

    private static RegistryIndexException Error(RequestLog log, string problem, bool mayRetry) =>
        new(DynamoDbProvider.Name, log.Operation, problem, mayRetry);
}
