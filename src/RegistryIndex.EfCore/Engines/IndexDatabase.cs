using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.Engines;

/// <summary>
/// The database behind the index, opened by many connections of several processes: what differs between SQLite, PostgreSQL
/// and SQL Server is here, and nothing else differs. Thread-safe.
/// </summary>
/// <param name="location">Where it is, for people, without secrets.</param>
/// <param name="options">What EF Core opens.</param>
public abstract class IndexDatabase(string location, DbContextOptionsBuilder<IndexDbContext> options) : IAsyncDisposable
{
    private readonly PooledDbContextFactory<IndexDbContext> _contexts = new(options.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options);
    private ReadConnections? _readConnections;

    /// <summary>Where it is, for people, without secrets.</summary>
    public string Location { get; } = location;

    /// <summary>The statements that are not a search.</summary>
    public abstract Statements Statements { get; }

    /// <summary>How many searches it answers well at the same time (<see cref="ISearchCapacity"/>).</summary>
    public abstract int SearchesAtOnce { get; }

    /// <summary>Whether it works on the thread that asks it.</summary>
    public virtual bool HoldsThreads => false;

    /// <summary>The version of the schema that is there; an older one only where the database is opened to be read.</summary>
    internal int SchemaVersion { get; set; } = Schema.Version;

    /// <summary>The table of folded texts.</summary>
    internal string TextTable => Schema.TextTableOf(SchemaVersion);

    /// <summary>Whether the columns of the starts of path segments are in the order of UTF-8 bytes.</summary>
    public virtual bool KeepsOrder => true;

    /// <summary>How long to wait before each further attempt of what failed though it may succeed; empty where the database waits by itself.</summary>
    public virtual IReadOnlyList<TimeSpan> Pauses => [];

    /// <summary>The connections to read with.</summary>
    public virtual ReadConnections ReadConnections => LazyInitializer.EnsureInitialized(ref _readConnections, () => new(SearchesAtOnce));

    /// <summary>Whether a connection stays open while nobody reads with it. Otherwise it goes back to the driver's pool.</summary>
    public virtual bool StaysOpen => false;

    /// <summary>A context for a thread of its own.</summary>
    public IndexDbContext Open() => _contexts.CreateDbContext();

    /// <summary>Makes the place of a database that is to be written, where it is missing.</summary>
    /// <exception cref="RegistryIndexException">It cannot be made.</exception>
    public virtual Task MakePlaceAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Opens the database only to be read from now on; nothing is made for that.</summary>
    /// <returns>Whether there is one.</returns>
    public virtual bool TryOpenToRead() => true;

    /// <summary>Does something with the database that is at its place, even where another has come there since it was opened.</summary>
    /// <exception cref="RegistryIndexException">There is none any more.</exception>
    public virtual Task<T> AtItsPlaceAsync<T>(Func<Task<T>> operation, CancellationToken cancellationToken) => operation();

    /// <summary>Makes sure that there can be an index, before anything is looked at.</summary>
    /// <exception cref="RegistryIndexException">There cannot.</exception>
    public virtual Task PrepareAsync(IndexDbContext db, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes before the first write into a database that has no index yet, and outside of its transaction.</summary>
    public virtual Task ShareAsync(IndexDbContext db, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Creates the predecessor's tables where they are missing, and makes them fit for the contract; in a write transaction.</summary>
    public abstract Task TakeOverAsync(IndexDbContext db, CancellationToken cancellationToken);

    /// <summary>Comes at the end of every initialization, such as to make searches fast where that takes more than the tables do.</summary>
    public virtual Task CompleteAsync(IndexDbContext db, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether a statement outside of a transaction reads from one snapshot, too, and never waits for writers.</summary>
    public virtual bool StatementsReadSnapshots => true;

    /// <summary>Begins a transaction that reads from one snapshot.</summary>
    public abstract Task<IDbContextTransaction> BeginReadAsync(IndexDbContext db, CancellationToken cancellationToken);

    /// <summary>Begins a transaction that holds the index's write lock from the start, so that what it reads stays true until it commits.</summary>
    public abstract Task<IDbContextTransaction> BeginWriteAsync(IndexDbContext db, CancellationToken cancellationToken);

    /// <summary>Has the plan of a statement kept that a connection sends again and again.</summary>
    public virtual Task KeepPlanAsync(DbCommand command, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes the statements of a search, or of a page of it.</summary>
    public abstract SearchSql Search(SearchQuery query, RankKey? after, int limit);

    /// <summary>Text as it is stored; the same unless the database cannot hold it.</summary>
    public virtual string? ToStored(string? text) => text;

    /// <summary>Undoes <see cref="ToStored"/>.</summary>
    public virtual string? FromStored(string? text) => text;

    /// <summary>JSON in UTF-8 as a parameter.</summary>
    public virtual object ToParameter(byte[] json) => Encoding.UTF8.GetString(json);

    /// <summary>Whether a row can have this name at all.</summary>
    public virtual bool CanHold(string name) => true;

    /// <summary>A text that stands where the given one does between the names and texts that are stored.</summary>
    public virtual string ToBound(string text) => text;

    /// <summary>What the failure means to whoever reads it.</summary>
    public abstract Failure Explain(DbException error);

    /// <summary>Makes a database of its own beside this one.</summary>
    /// <param name="connectionString">How this one is opened.</param>
    /// <param name="name">The new database's name: a lower-case letter, then letters, digits and <c>_</c>.</param>
    /// <param name="cancellationToken">Cancels the call; nothing stays behind.</param>
    /// <exception cref="RegistryIndexException">There is a database of that name, or the user may not create one.</exception>
    public abstract Task<ScratchPlace> CreateScratchAsync(string connectionString, string name, CancellationToken cancellationToken);

    /// <summary>Commits. Where that fails nobody knows whether it was done, and the error says so.</summary>
    public Task CommitAsync(IDbContextTransaction transaction, CancellationToken cancellationToken) => transaction.CommitAsync(this, cancellationToken);

    /// <summary>Lets go of what is open.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>How many of a pool's connections searches may have: a quarter is left to writes and marks.</summary>
    protected static int MostConnections(int pool) => Math.Max(1, pool - (pool / 4));

    /// <summary>Makes and drops a database on the server, by the configured user.</summary>
    /// <param name="connectionString">How the new one is opened.</param>
    /// <param name="name">Its name.</param>
    /// <param name="drop">The statement that drops it, also while other connections use it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    protected Task<ScratchPlace> CreateServerScratchAsync(string connectionString, string name, string drop, CancellationToken cancellationToken) =>
        ServerScratch.CreateAsync(this, connectionString, name, drop, cancellationToken);

    /// <summary>Whether the schema is there in the version that this program writes.</summary>
    /// <exception cref="RegistryIndexException">It is one that this program does not know.</exception>
    protected async Task<bool> HasCurrentSchemaAsync(IndexDbContext db, CancellationToken cancellationToken) =>
        await Schema.ReadVersionAsync(this, db, cancellationToken).ConfigureAwait(false) == Schema.Version;

    /// <summary>How the database is opened.</summary>
    protected static string ConnectionStringOf(DbContextOptionsBuilder<IndexDbContext> options)
    {
        using var db = new IndexDbContext(options.Options);
        return db.Database.GetDbConnection().ConnectionString;
    }
}
