using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace RegistryIndex.EfCore.Engines;

/// <summary>
/// The database of the index, which many connections of several processes use. It contains everything that differs between
/// SQLite, PostgreSQL and SQL Server. Thread-safe.
/// </summary>
/// <param name="location">Where the database is, for messages, without secrets.</param>
/// <param name="options">The options with which EF Core opens the database.</param>
public abstract class IndexDatabase(string location, DbContextOptionsBuilder<IndexDbContext> options) : IAsyncDisposable
{
    private const int UsualPool = 100; // of Npgsql and of Microsoft.Data.SqlClient
    private readonly PooledDbContextFactory<IndexDbContext> _contexts = new(options.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options);
    private ReadConnections? _readConnections;

    /// <summary>Where the database is, for messages, without secrets.</summary>
    public string Location { get; } = location;

    /// <summary>The statements that do not search.</summary>
    public abstract Statements Statements { get; }

    /// <summary>How many concurrent searches the database answers well (<see cref="ISearchCapacity"/>).</summary>
    public abstract int SearchesAtOnce { get; }

    /// <summary>Whether the database works on the caller's thread.</summary>
    public virtual bool HoldsThreads => false;

    /// <summary>The schema version of the database. It is older than the current one only if the database is opened for reading.</summary>
    internal int SchemaVersion { get; set; } = Schema.Version;

    /// <summary>Whether the table of facts exists.</summary>
    internal bool HasFacts => SchemaVersion >= Schema.FirstWithFacts;

    /// <summary>The facts of a row of <c>repository</c>, as a value.</summary>
    internal string Facts => HasFacts ? Statements.FactsOfRepository : "NULL";

    /// <summary>Reads repositories by their names.</summary>
    internal string FindRepositories => HasFacts ? Statements.FindRepositories : Statements.FindRepositories.Replace(Statements.FactsOfRepository, Facts, StringComparison.Ordinal);

    /// <summary>The table of folded texts.</summary>
    internal string TextTable => Schema.TextTableOf(SchemaVersion);

    /// <summary>Whether the columns of the table of starts are sorted by UTF-8 bytes.</summary>
    public virtual bool KeepsOrder => true;

    /// <summary>How long to wait before each retry of a failure that may pass; empty if the database waits itself.</summary>
    public virtual IReadOnlyList<TimeSpan> Pauses => [];

    /// <summary>The connections for reading.</summary>
    public virtual ReadConnections ReadConnections => LazyInitializer.EnsureInitialized(ref _readConnections, () => new(SearchesAtOnce));

    /// <summary>Whether a connection stays open between reads. Otherwise it returns to the driver's pool.</summary>
    public virtual bool StaysOpen => false;

    /// <summary>Creates a context for one thread.</summary>
    public IndexDbContext Open() => _contexts.CreateDbContext();

    /// <summary>Creates the place of a database that will be written, if it does not exist.</summary>
    /// <exception cref="RegistryIndexException">The place cannot be created.</exception>
    public virtual Task MakePlaceAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Opens the database only for reading, and creates nothing.</summary>
    /// <returns>Whether the database exists.</returns>
    public virtual bool TryOpenToRead() => true;

    /// <summary>Runs an operation on the database that is at its place, even if another database has taken that place since it was opened.</summary>
    /// <exception cref="RegistryIndexException">The database does not exist any more.</exception>
    public virtual Task<T> AtItsPlaceAsync<T>(Func<Task<T>> operation, CancellationToken cancellationToken) => operation();

    /// <summary>Ensures that the database can hold an index, before its tables are checked.</summary>
    /// <exception cref="RegistryIndexException">The database cannot hold an index.</exception>
    public virtual Task PrepareAsync(IndexDbContext db, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called before the first write to a database that has no index yet, outside of the transaction.</summary>
    public virtual Task ShareAsync(IndexDbContext db, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Creates the predecessor's tables if they do not exist, and changes them to meet the contract, in a write transaction.</summary>
    public abstract Task TakeOverAsync(IndexDbContext db, CancellationToken cancellationToken);

    /// <summary>
    /// Called at the end of every initialization, for example to create what makes searches fast but needs more rights than the tables.
    /// </summary>
    public virtual Task CompleteAsync(IndexDbContext db, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether a statement outside of a transaction also reads from one snapshot and never waits for writers.</summary>
    public virtual bool StatementsReadSnapshots => true;

    /// <summary>Begins a transaction that reads from one snapshot.</summary>
    public abstract Task<IDbContextTransaction> BeginReadAsync(IndexDbContext db, CancellationToken cancellationToken);

    /// <summary>Begins a transaction that holds the index's write lock from the start, so that its reads stay true until it commits.</summary>
    public abstract Task<IDbContextTransaction> BeginWriteAsync(IndexDbContext db, CancellationToken cancellationToken);

    /// <summary>Caches the plan of a statement that a connection sends repeatedly.</summary>
    public virtual Task KeepPlanAsync(DbCommand command, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Creates the statements of a search, or of a page of it.</summary>
    public abstract SearchSql Search(SearchQuery query, RankKey? after, int limit);

    /// <summary>Converts text to its stored form, which is the same unless the database cannot store it.</summary>
    public virtual string? ToStored(string? text) => text;

    /// <summary>Undoes <see cref="ToStored"/>.</summary>
    public virtual string? FromStored(string? text) => text;

    /// <summary>Converts UTF-8 JSON to a parameter.</summary>
    public virtual object ToParameter(byte[] json) => Encoding.UTF8.GetString(json);

    /// <summary>Whether a row can have this name.</summary>
    public virtual bool CanHold(string name) => true;

    /// <summary>Returns a text with the same place in the order of the stored names and texts as the given text.</summary>
    public virtual string ToBound(string text) => text;

    /// <summary>Describes a failure for the reader of the message.</summary>
    public abstract Failure Explain(DbException error);

    /// <summary>Creates a separate database beside this one.</summary>
    /// <param name="connectionString">The connection string of this database.</param>
    /// <param name="name">The new database's name: a lower-case letter, then letters, digits and <c>_</c>.</param>
    /// <param name="cancellationToken">Cancels the call; nothing remains.</param>
    /// <exception cref="RegistryIndexException">A database of that name exists, or the user may not create one.</exception>
    public abstract Task<ScratchPlace> CreateScratchAsync(string connectionString, string name, CancellationToken cancellationToken);

    /// <summary>Commits. If this fails, it is unknown whether the transaction was committed, and the error says so.</summary>
    public Task CommitAsync(IDbContextTransaction transaction, CancellationToken cancellationToken) => transaction.CommitAsync(this, cancellationToken);

    /// <summary>Closes everything that is open.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>
    /// How many of a pool's connections searches may use at once. A quarter is reserved for writes and marks. With the usual pool they are at most
    /// eight for each processor: where the server is on the same machine, more would take the processors from health checks and finish no sooner.
    /// A connection string with another number can ask for more, for a large server elsewhere.
    /// </summary>
    protected static int MostConnections(int pool) =>
        pool == UsualPool ? Math.Min(UsualPool - (UsualPool / 4), 8 * Environment.ProcessorCount) : Math.Max(1, pool - (pool / 4));

    /// <summary>Creates a database on the server, as the configured user, and drops it later.</summary>
    /// <param name="connectionString">The connection string of the new database.</param>
    /// <param name="name">The name of the new database.</param>
    /// <param name="drop">The statement that drops the database, even while other connections use it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    protected Task<ScratchPlace> CreateServerScratchAsync(string connectionString, string name, string drop, CancellationToken cancellationToken) =>
        ServerScratch.CreateAsync(this, connectionString, name, drop, cancellationToken);

    /// <summary>Whether the schema exists in the version that this program writes.</summary>
    /// <exception cref="RegistryIndexException">This program does not know the version of the schema.</exception>
    protected async Task<bool> HasCurrentSchemaAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        await Schema.ReadVersionAsync(this, db, cancellationToken).ConfigureAwait(false) == Schema.Version;

    /// <summary>The connection string of the database.</summary>
    protected static string ConnectionStringOf(DbContextOptionsBuilder<IndexDbContext> options)
    {
        using var db = new IndexDbContext(options.Options);
        return db.Database.GetDbConnection().ConnectionString;
    }
}
