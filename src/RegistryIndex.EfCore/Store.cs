using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore;

/// <summary>The one place where what the database throws becomes the index's error (contract 7.1).</summary>
internal static class Store
{
    public static async Task<T> RunAsync<T>(string operation, Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception error) when ((error as DbUpdateException)?.InnerException as DbException is { } inner)
        {
            throw Wrap(operation, inner);
        }
        catch (DbException error)
        {
            throw Wrap(operation, error);
        }
    }

    public static Task RunAsync(string operation, Func<Task> action) => RunAsync(operation, async () =>
    {
        await action().ConfigureAwait(false);
        return true;
    });

    private static RegistryIndexException Wrap(string operation, DbException error) => error is SqliteException sqlite
        ? new(EfCoreBackend.Name, operation, Explain(sqlite), mayRetry: SqliteDatabase.IsBusy(sqlite), error)
        : new(EfCoreBackend.Name, operation, error.Message, mayRetry: error.IsTransient, error);

    private static string Explain(SqliteException error) => error.SqliteErrorCode switch
    {
        1 when error.Message.Contains("no such table", StringComparison.Ordinal) => $"the database has no index yet; initialize it first ({error.Message}).",
        5 or 6 => $"another process held the database's write lock for too long; try again ({error.Message}).",
        8 => $"the database is read-only; let this process write to its file and directory ({error.Message}).",
        11 or 26 => $"the file is damaged or no SQLite database; restore it from a backup, or name another file ({error.Message}).",
        13 => $"the disk is full; make room, nothing was half-written ({error.Message}).",
        14 => $"the database file cannot be opened; check the path and its permissions ({error.Message}).",
        _ => error.Message,
    };
}
