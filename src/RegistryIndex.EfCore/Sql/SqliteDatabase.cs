using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Sql;

/// <summary>One SQLite database, opened by many connections of several processes.</summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private static readonly TimeSpan WriterDeadline = TimeSpan.FromMinutes(5);
    private readonly DatabaseUrl _url;
    private readonly PooledDbContextFactory<IndexDbContext> _contexts;
    private SqliteConnection? _keptOpen;

    public SqliteDatabase(DatabaseUrl url)
    {
        _url = url;
        _contexts = new(new DbContextOptionsBuilder<IndexDbContext>()
            .UseSqlite(url.ConnectionString)
            .AddInterceptors(new ConnectionSettings())
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .Options);
    }

    public string Location => _url.Location;

    /// <summary>Whether there is a database already; opening one creates it.</summary>
    public bool Exists => _url.File is null || File.Exists(_url.File);

    /// <summary>Makes sure that there can be a database.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_url.File is null)
            await KeepOpenAsync(cancellationToken).ConfigureAwait(false);
        else if (Path.GetDirectoryName(_url.File) is { } directory && !Directory.Exists(directory))
            throw new RegistryIndexException(EfCoreBackend.Name, "initialize", $"the directory of the database {_url.File} does not exist; create it.", mayRetry: false);
    }

    /// <summary>Makes a file fit for several processes: in WAL mode, which the file keeps, a reader never waits for the writer.</summary>
    public static Task ShareAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        WhenFreeAsync(() => db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken), cancellationToken);

    public IndexDbContext Open() => _contexts.CreateDbContext();

    /// <summary>Begins a transaction that holds the write lock from the start, so that what it reads stays true until it commits.</summary>
    public static Task<IDbContextTransaction> BeginWriteAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        WhenFreeAsync(() => db.Database.BeginTransactionAsync(cancellationToken), cancellationToken);

    /// <summary>Whether the error says that another connection is at it, so that the same call may work later.</summary>
    public static bool IsBusy(SqliteException error) => error.SqliteErrorCode is SqliteBusy or SqliteLocked;

    public async ValueTask DisposeAsync()
    {
        if (_keptOpen is not null)
            await _keptOpen.DisposeAsync().ConfigureAwait(false);
        using var pool = new SqliteConnection(_url.ConnectionString);
        SqliteConnection.ClearPool(pool); // lets go of the file
    }

    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;

    // A database in memory lives as long as its last connection.
    private async Task KeepOpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_url.ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (Interlocked.CompareExchange(ref _keptOpen, connection, null) is not null)
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    // SQLite waits for a lock on our thread and cannot be cancelled; so it waits a second at a time, and we ask again.
    private static async Task<T> WhenFreeAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await action().ConfigureAwait(false);
            }
            catch (SqliteException error) when (IsBusy(error) && Stopwatch.GetElapsedTime(start) < WriterDeadline)
            {
                await Task.Delay(Random.Shared.Next(5, 50), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private sealed class ConnectionSettings : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            // A commit is on the disk when it returns (synchronous = FULL); a lock is waited for inside SQLite, which wakes sooner than a poll.
            command.CommandText = "PRAGMA busy_timeout = 1000; PRAGMA synchronous = FULL";
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }
}
