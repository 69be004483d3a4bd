using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.SqlServer;

/// <summary>
/// A database of SQL Server 2019 or later, or of Azure SQL. The write lock is an application lock of the transaction. A search reads from a
/// snapshot if the database allows snapshot isolation. Otherwise it shares the lock, and so waits for writers.
/// </summary>
internal sealed partial class SqlServerDatabase(DbContextOptionsBuilder<IndexDbContext> options, ILogger logger) : IndexDatabase(LocationOf(options), options)
{
    private static readonly TimeSpan WriterDeadline = TimeSpan.FromMinutes(6); // a little longer than the lock's timeout
    private bool? _hasSnapshots;

    public override Statements Statements => SqlServerStatements.All;

    public override int SearchesAtOnce { get; } = MostConnections(new SqlConnectionStringBuilder(ConnectionStringOf(options)).MaxPoolSize);

    public override IReadOnlyList<TimeSpan> Pauses { get; } = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(300)];

    public override async Task PrepareAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NotSupportedException error)
        {
            throw new RegistryIndexException(
                EfCoreIndexOptions.ProviderName,
                "initialize",
                "SQL Server's driver needs culture data, which this process does not have; install libicu, and start without DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.",
                mayRetry: false,
                error);
        }

        if (!await db.Database.SqlQueryRaw<bool>(SqlServerStatements.HasCollation).SingleAsync(cancellationToken).ConfigureAwait(false))
            throw new RegistryIndexException(EfCoreIndexOptions.ProviderName, "initialize", $"the server of {Location} has no UTF-8 collations; SQL Server 2019 or later has them.", mayRetry: false);
    }

    public override async Task TakeOverAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlRawAsync(SqlServerStatements.LegacyTables, cancellationToken).ConfigureAwait(false);
        await db.Database.ExecuteSqlRawAsync(SqlServerStatements.Widen, cancellationToken).ConfigureAwait(false);
    }

    public override async Task CompleteAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        if (!await HasSnapshotsAsync(db, cancellationToken).ConfigureAwait(false))
            LogNoSnapshots(logger, Location);
    }

    public override bool StatementsReadSnapshots => false;

    public override async Task<IDbContextTransaction> BeginReadAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        await HasSnapshotsAsync(db, cancellationToken).ConfigureAwait(false)
            ? await db.Database.BeginTransactionAsync(IsolationLevel.Snapshot, cancellationToken).ConfigureAwait(false)
            : await BeginAsync(db, SqlServerStatements.TakeReadLock, cancellationToken).ConfigureAwait(false);

    public override Task<IDbContextTransaction> BeginWriteAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        BeginAsync(db, SqlServerStatements.TakeWriteLock, cancellationToken);

    public override SearchSql Search(SearchQuery query, RankKey? after, int limit) => new SqlServerSearch(this, query, after, limit);

    public override Task<ScratchPlace> CreateScratchAsync(string connectionString, string name, CancellationToken cancellationToken) => CreateServerScratchAsync(
        new SqlConnectionStringBuilder(connectionString) { InitialCatalog = name }.ToString(), name, $"ALTER DATABASE {name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE {name}", cancellationToken);

    public override Failure Explain(DbException error) => SqlServerFailures.Explain(error);

    public override ValueTask DisposeAsync()
    {
        using var db = Open();
        SqlConnection.ClearPool((SqlConnection)db.Database.GetDbConnection());
        return ValueTask.CompletedTask;
    }

    private static string LocationOf(DbContextOptionsBuilder<IndexDbContext> options)
    {
        using var db = new IndexDbContext(options.Options);
        var connection = db.Database.GetDbConnection();
        return $"mssql://{connection.DataSource}/{connection.Database}";
    }

    private static async Task<IDbContextTransaction> BeginAsync(IndexDbContext db, string takeLock, CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        try
        {
            db.Database.SetCommandTimeout(WriterDeadline);
            await db.Database.ExecuteSqlRawAsync(takeLock, cancellationToken).ConfigureAwait(false);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<bool> HasSnapshotsAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        _hasSnapshots ??= await db.Database.SqlQueryRaw<bool>(SqlServerStatements.HasSnapshots).SingleAsync(cancellationToken).ConfigureAwait(false);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Searches in {Location} wait for writers, because the database does not allow snapshot isolation. Let its owner run ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON, and start again")]
    private static partial void LogNoSnapshots(ILogger logger, string location);
}
