using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using RegistryIndex.EfCore.Model;
using RegistryIndex.EfCore.Searching;
using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>A file, or memory that goes with the process.</summary>
internal sealed class SqliteDatabase(DbContextOptionsBuilder<IndexDbContext> options, string connectionString)
    : IndexDatabase(LocationOf(connectionString), options.AddInterceptors(new ConnectionSettings()))
{
    private static readonly TimeSpan WriterDeadline = TimeSpan.FromMinutes(5);
    private SqliteConnection? _keptOpen;
    private bool _isUtf8;

    public override Statements Statements => SqliteStatements.All;

    public override bool Exists => FileOf(connectionString) is not { } file || File.Exists(file);

    /// <summary>The database's file; null in memory.</summary>
    public static string? FileOf(string connectionString)
    {
        var source = new SqliteConnectionStringBuilder(connectionString);
        return source.Mode == SqliteOpenMode.Memory || source.DataSource is "" or ":memory:" || source.DataSource.StartsWith("file:", StringComparison.Ordinal)
            ? null
            : Path.GetFullPath(source.DataSource);
    }

    public override async Task PrepareAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        if (FileOf(connectionString) is not { } file)
            await KeepOpenAsync(cancellationToken).ConfigureAwait(false);
        else if (Path.GetDirectoryName(file) is { } directory && !Directory.Exists(directory))
            throw new RegistryIndexException(EfCoreBackend.Name, "initialize", $"the directory of the database {file} does not exist; create it.", mayRetry: false);
        _isUtf8 = await db.Database.SqlQueryRaw<string>(SqliteStatements.ReadEncoding).ToListAsync(cancellationToken).ConfigureAwait(false) is ["UTF-8"];
    }

    /// <summary>Makes a file fit for several processes: in WAL mode, which the file keeps, a reader never waits for the writer.</summary>
    public override Task ShareAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        WhenFreeAsync(() => db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken), cancellationToken);

    public override async Task CreateAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlRawAsync(SqliteStatements.LegacyTables, cancellationToken).ConfigureAwait(false);
        await db.Database.ExecuteSqlRawAsync(SqliteStatements.OurTables, cancellationToken).ConfigureAwait(false);
    }

    // A deferred transaction: it takes no lock before it writes, and sees the file as of its first statement.
    public override Task<IDbContextTransaction> BeginReadAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadUncommitted, cancellationToken);

    public override Task<IDbContextTransaction> BeginWriteAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        WhenFreeAsync(() => db.Database.BeginTransactionAsync(cancellationToken), cancellationToken);

    // The JSON functions take a BLOB for text in the database's encoding, and go on doing so (https://sqlite.org/releaselog/3_45_1.html).
    // A string would be a second copy, and each statement would make a third: half a megabyte each for a thousand rows.
    public override object ToParameter(byte[] json) => _isUtf8 ? json : base.ToParameter(json);

    public override SearchSql Search(SearchQuery query, RankKey? after, int limit) => new SqliteSearch(this, query, after, limit);

    public override Failure Explain(DbException error) => error is SqliteException sqlite
        ? new(Sentence(sqlite), MayRetry: IsBusy(sqlite))
        : new(error.Message, error.IsTransient);

    private static string Sentence(SqliteException error) => error.SqliteErrorCode switch
    {
        1 when error.Message.Contains("no such table", StringComparison.Ordinal) => $"the database has no index yet; initialize it first ({error.Message}).",
        SqliteBusy or SqliteLocked => $"another process held the database's write lock for too long; try again ({error.Message}).",
        8 => $"the database is read-only; let this process write to its file and directory ({error.Message}).",
        11 or 26 => $"the file is damaged or no SQLite database; restore it from a backup, or name another file ({error.Message}).",
        13 => $"the disk is full; make room, nothing was half-written ({error.Message}).",
        14 => $"the database file cannot be opened; check the path and its permissions ({error.Message}).",
        _ => error.Message,
    };

    private static bool IsBusy(SqliteException error) => error.SqliteErrorCode is SqliteBusy or SqliteLocked;

    public override async ValueTask DisposeAsync()
    {
        if (_keptOpen is not null)
            await _keptOpen.DisposeAsync().ConfigureAwait(false);
        using var pool = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(pool); // lets go of the file
    }

    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;

    private static string LocationOf(string connectionString) => FileOf(connectionString) ?? "memory";

    // A database in memory lives as long as its last connection.
    private async Task KeepOpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
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
