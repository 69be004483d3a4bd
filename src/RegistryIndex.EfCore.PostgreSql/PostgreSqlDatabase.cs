using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.PostgreSql;

/// <summary>A database of a PostgreSQL server. The write lock is an advisory lock, which the end of its transaction always releases.</summary>
internal sealed class PostgreSqlDatabase(DbContextOptionsBuilder<IndexDbContext> options, ILogger logger) : IndexDatabase(LocationOf(options), options)
{
    // "REGISTRY" in ASCII, so that other users of advisory locks in this database can recognize the lock.
    private const string TakeWriteLock = "SELECT pg_advisory_xact_lock(5928222864759345753)";

    private static readonly TimeSpan WriterDeadline = TimeSpan.FromMinutes(5);
    private volatile bool _keepsPlans = true;

    public override Statements Statements => PostgreSqlStatements.All;

    public override int SearchesAtOnce { get; } = MostConnections(new NpgsqlConnectionStringBuilder(ConnectionStringOf(options)).MaxPoolSize);

    public override IReadOnlyList<TimeSpan> Pauses { get; } = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(300)];

    public override async Task PrepareAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        var encoding = await db.Database.SqlQueryRaw<string>(PostgreSqlStatements.ReadEncoding).SingleAsync(cancellationToken).ConfigureAwait(false);
        if (encoding != "UTF8")
        {
            throw new RegistryIndexException(
                EfCoreIndexOptions.ProviderName, "initialize", $"the database {Location} has the encoding {encoding}, and only UTF8 can store every description; create a database with ENCODING 'UTF8'.", mayRetry: false);
        }
    }

    public override async Task TakeOverAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlRawAsync(PostgreSqlStatements.LegacyTables, cancellationToken).ConfigureAwait(false);
        if (await db.Database.SqlQueryRaw<bool>(PostgreSqlStatements.IsNarrow).SingleAsync(cancellationToken).ConfigureAwait(false))
            await WidenAsync(db, cancellationToken).ConfigureAwait(false);
    }

    public override Task CompleteAsync(IndexDbContext db, CancellationToken cancellationToken) => new TrigramIndex(this, logger).EnsureAsync(db, cancellationToken);

    public override Task<IDbContextTransaction> BeginReadAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    // Not repeatable read: a statement after the lock must see what the previous writer has committed.
    public override async Task<IDbContextTransaction> BeginWriteAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        try
        {
            db.Database.SetCommandTimeout(WriterDeadline); // for the lifetime of this context: other writers wait as long for this one
            await db.Database.ExecuteSqlRawAsync(TakeWriteLock, cancellationToken).ConfigureAwait(false);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override Task KeepPlanAsync(DbCommand command, CancellationToken cancellationToken) => _keepsPlans ? command.PrepareAsync(cancellationToken) : Task.CompletedTask;

    public override SearchSql Search(SearchQuery query, RankKey? after, int limit) => new PostgreSqlSearch(this, query, after, limit);

    public override string? ToStored(string? text) => NullCharacterEscape.Escape(text);

    public override string? FromStored(string? text) => NullCharacterEscape.Unescape(text);

    public override bool CanHold(string name) => name.IndexOf('\0', StringComparison.Ordinal) < 0 && ToBound(name) == name;

    public override string ToBound(string text) => NullCharacterEscape.Bound(text);

    public override Task<ScratchPlace> CreateScratchAsync(string connectionString, string name, CancellationToken cancellationToken) => CreateServerScratchAsync(
        new NpgsqlConnectionStringBuilder(connectionString) { Database = name }.ToString(), name, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", cancellationToken);

    public override Failure Explain(DbException error)
    {
        // A pooler between program and server may give each transaction another session, in which our statements are not prepared.
        if (error is PostgresException { SqlState: PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.DuplicatePreparedStatement })
            _keepsPlans = false;
        if (PostgreSqlFailures.IsOldPlan(error))
            LeaveSessions();
        return PostgreSqlFailures.Explain(error);
    }

    public override ValueTask DisposeAsync()
    {
        LeaveSessions();
        return ValueTask.CompletedTask;
    }

    private void LeaveSessions()
    {
        using var db = Open();
        NpgsqlConnection.ClearPool((NpgsqlConnection)db.Database.GetDbConnection());
    }

    private static string LocationOf(DbContextOptionsBuilder<IndexDbContext> options)
    {
        var connection = new NpgsqlConnectionStringBuilder(ConnectionStringOf(options));
        return $"postgresql://{connection.Host}:{connection.Port}/{connection.Database}";
    }

    // SQLAlchemy's columns are narrower than the contract's names and descriptions, and use the collation of the database's locale.
    private async Task WidenAsync(IndexDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.Database.ExecuteSqlRawAsync(PostgreSqlStatements.Widen, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.FeatureNotSupported)
        {
            throw new RegistryIndexException(
                EfCoreIndexOptions.ProviderName,
                "initialize",
                $"the columns of docker-registry's table repository in {Location} cannot be widened ({error.MessageText}); let the table's owner run: {PostgreSqlStatements.Widen}.",
                mayRetry: false,
                error);
        }
    }
}
