using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace RegistryIndex.EfCore.Engines;

/// <summary>A connection that one read uses after the other, with its prepared statements. Not thread-safe.</summary>
internal sealed class ReadConnection(IndexDatabase database) : IDisposable
{
    private readonly Dictionary<string, DbCommand> _kept = new(StringComparer.Ordinal);
    private bool _isOpen;

    public IndexDbContext Db { get; } = database.Open();

    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (!_isOpen)
            await Db.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        _isOpen = true;
    }

    /// <summary>Prepares for an idle time. If the driver has a connection pool, which also keeps the plans, the connection returns to it.</summary>
    public void Rest()
    {
        if (!database.StaysOpen)
        {
            Db.Database.CloseConnection();
            _isOpen = false;
        }
    }

    /// <summary>Reads all rows of a statement.</summary>
    public async Task<List<T>> ReadAsync<T>(SearchStatement statement, Func<DbDataReader, IndexDatabase, T> toRow, CancellationToken cancellationToken)
    {
        var command = await PrepareAsync(statement, cancellationToken).ConfigureAwait(false);
        try
        {
            command.Transaction = Db.Database.CurrentTransaction?.GetDbTransaction();
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    rows.Add(toRow(reader, database));
                return rows;
            }
        }
        finally
        {
            if (!statement.IsKept)
                await command.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        foreach (var command in _kept.Values)
            command.Dispose();
        Db.Dispose();
    }

    private async Task<DbCommand> PrepareAsync(SearchStatement statement, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(statement.Sql, out var kept))
        {
            for (var i = 0; i < statement.Parameters.Length; i++)
                kept.Parameters[i].Value = statement.Parameters[i];
            await database.KeepPlanAsync(kept, cancellationToken).ConfigureAwait(false);
            return kept;
        }

        var command = Db.Database.GetDbConnection().CreateCommand();
        command.CommandText = statement.Sql;
        if (Db.Database.GetCommandTimeout() is { } seconds)
            command.CommandTimeout = seconds;
        var types = Db.GetService<IRelationalTypeMappingSource>();
        for (var i = 0; i < statement.Parameters.Length; i++)
        {
            var value = statement.Parameters[i];
            command.Parameters.Add(types.GetMapping(value.GetType()).CreateParameter(command, SearchStatement.Parameter(i), value));
        }

        if (!statement.IsKept)
            return command;
        await database.KeepPlanAsync(command, cancellationToken).ConfigureAwait(false);
        _kept.Add(statement.Sql, command);
        return command;
    }
}
