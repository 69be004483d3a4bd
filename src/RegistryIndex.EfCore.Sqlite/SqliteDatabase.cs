using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>A SQLite file, or a database in memory that lives as long as the process.</summary>
internal sealed class SqliteDatabase : IndexDatabase
{
    private static readonly TimeSpan WriterDeadline = TimeSpan.FromMinutes(5);
    private readonly string _connectionString;
    private readonly SqliteFile? _file;
    private SqliteConnection? _keptOpen;
    private bool _isUtf8;

    private SqliteDatabase(DbContextOptionsBuilder<IndexDbContext> options, string connectionString, SqliteFile? file)
        : base(file?.Path ?? "memory", options.AddInterceptors(new ConnectionSettings(file))) => (_connectionString, _file) = (connectionString, file);

    /// <param name="options">The options with which EF Core opens the database.</param>
    /// <param name="connectionString">The connection string of the same database.</param>
    /// <param name="isPrivate">Whether the file is the default database, which only this user may change.</param>
    /// <param name="logger">Logs what happens to the file.</param>
    public static SqliteDatabase Create(DbContextOptionsBuilder<IndexDbContext> options, string connectionString, bool isPrivate, ILogger logger) =>
        new(options, connectionString, FileOf(connectionString) is { } file ? new(file, isPrivate, connectionString, logger) : null);

    public override Statements Statements => SqliteStatements.All;

    public override int SearchesAtOnce => Environment.ProcessorCount;

    public override bool HoldsThreads => true;

    public override bool KeepsOrder => _isUtf8;

    /// <summary>The database's file; null in memory.</summary>
    public static string? FileOf(string connectionString)
    {
        var source = new SqliteConnectionStringBuilder(connectionString);
        return source.Mode == SqliteOpenMode.Memory || source.DataSource is "" or ":memory:" || source.DataSource.StartsWith("file:", StringComparison.Ordinal)
            ? null
            : Path.GetFullPath(source.DataSource);
    }

    public override bool StaysOpen => true;

    public override ReadConnections ReadConnections => _file?.Connections ?? base.ReadConnections;

    public override Task MakePlaceAsync(CancellationToken cancellationToken) =>
        _file is null ? KeepOpenAsync(cancellationToken) : _file.OpenToWriteAsync(cancellationToken);

    public override bool TryOpenToRead() => _file is null || _file.TryOpenToRead();

    public override async Task<T> AtItsPlaceAsync<T>(Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        if (_file is null)
            return await operation().ConfigureAwait(false);
        while (true)
        {
            var opening = await _file.CheckAsync(ValidateAsync, cancellationToken).ConfigureAwait(false);
            try
            {
                var result = await operation().ConfigureAwait(false);
                if (_file.IsStill(opening))
                    return result;
            }
            catch (Exception error) when (error is not OperationCanceledException && !_file.IsStill(opening))
            {
                // The operation is repeated with the file that is at the path now, or with the current way of opening it.
            }
        }
    }

    public override async Task PrepareAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        _isUtf8 = await db.Database.SqlQueryRaw<string>(SqliteStatements.ReadEncoding).ToListAsync(cancellationToken).ConfigureAwait(false) is ["UTF-8"];

    /// <summary>Prepares a file for several processes. In WAL mode, which the file keeps, a reader never waits for the writer.</summary>
    public override Task ShareAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        WhenFreeAsync(() => db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken), cancellationToken);

    public override Task CompleteAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        _file is null ? Task.CompletedTask : _file.SettleAsync(cancellationToken);

    public override Task TakeOverAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlRawAsync(SqliteStatements.LegacyTables, cancellationToken);

    // A deferred transaction takes no lock before it writes, and sees the file as of its first statement.
    public override Task<IDbContextTransaction> BeginReadAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadUncommitted, cancellationToken);

    public override async Task<IDbContextTransaction> BeginWriteAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        var transaction = await WhenFreeAsync(() => db.Database.BeginTransactionAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        // 64 MB hold most of the pages that a batch of an import changes, also among a million repositories. With the usual 2 MB, it writes and
        // reads them several times.
        await db.Database.ExecuteSqlRawAsync("PRAGMA cache_size = -65536", cancellationToken).ConfigureAwait(false);
        return transaction;
    }

    // The JSON functions accept a BLOB as text in the database's encoding, and will continue to do so
    // (https://sqlite.org/releaselog/3_45_1.html). A string would be a second copy, and each statement would make a third one:
    // half a megabyte each for a thousand rows.
    public override object ToParameter(byte[] json) => _isUtf8 ? json : base.ToParameter(json);

    public override SearchSql Search(SearchQuery query, RankKey? after, int limit) => new SqliteSearch(this, query, after, limit);

    public override Task<ScratchPlace> CreateScratchAsync(string connectionString, string name, CancellationToken cancellationToken) =>
        Task.FromResult(SqliteScratch.Create(connectionString, name));

    public override Failure Explain(DbException error) => error is SqliteException sqlite
        ? new(Sentence(sqlite), MayRetry: IsBusy(sqlite))
        : new(error.Message, error.IsTransient);

    private static string Sentence(SqliteException error) => error.SqliteErrorCode switch
    {
        1 when error.Message.Contains("no such table", StringComparison.Ordinal) => $"the database has no index yet; initialize it first ({error.Message}).",
        SqliteBusy or SqliteLocked => $"another process held the database's write lock for too long; try again ({error.Message}).",
        8 => $"the database is read-only; let this process write to its file and directory ({error.Message}).",
        11 or 26 => $"the file is damaged or is not an SQLite database; restore it from a backup, or name another file ({error.Message}).",
        13 => $"the disk is full; make room, nothing was half-written ({error.Message}).",
        14 => $"the database file cannot be opened: it does not exist, or this user may not read and write it and its directory ({error.Message}).",
        _ => error.Message,
    };

    private static bool IsBusy(SqliteException error) => error.SqliteErrorCode is SqliteBusy or SqliteLocked;

    public override async ValueTask DisposeAsync()
    {
        if (_file is not null)
            await _file.DisposeAsync().ConfigureAwait(false); // releases the file
        if (_keptOpen is not null)
            await _keptOpen.DisposeAsync().ConfigureAwait(false);
    }

    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;

    private async Task ValidateAsync(CancellationToken cancellationToken)
    {
        var db = Open();
        await using (db.ConfigureAwait(false))
        {
            await PrepareAsync(db, cancellationToken).ConfigureAwait(false);
            if (!await HasCurrentSchemaAsync(db, cancellationToken).ConfigureAwait(false))
                throw new RegistryIndexException(EfCoreIndexOptions.ProviderName, "open", $"the file that replaced the database {Location} is not an index that can be used as it is; put an index there, or start again, which creates, adopts or upgrades one.", mayRetry: true);
        }
    }

    // A database in memory lives as long as its last connection.
    private async Task KeepOpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (Interlocked.CompareExchange(ref _keptOpen, connection, null) is not null)
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    // SQLite waits for a lock on the calling thread, and the wait cannot be cancelled. So it waits one second at a time, and is then called again.
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

    private sealed class ConnectionSettings(SqliteFile? file) : DbConnectionInterceptor
    {
        public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
        {
            if (file is not null && connection.ConnectionString != file.ConnectionString)
                connection.ConnectionString = file.ConnectionString;
            return result;
        }

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            new(ConnectionOpening(connection, eventData, result));

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            // A commit is on the disk when it returns (synchronous = FULL). SQLite itself waits for a lock, which is faster than polling.
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
