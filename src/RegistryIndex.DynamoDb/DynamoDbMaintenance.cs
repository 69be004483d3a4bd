namespace RegistryIndex.DynamoDb;

/// <summary>
/// What an index in DynamoDB needs now and then, beside <see cref="IRegistryIndex"/>: a sweep after crashes, and a rebuild
/// after a backup was restored. In the container wherever the backend is DynamoDB. Thread-safe; initialize the index first.
/// </summary>
public sealed class DynamoDbMaintenance
{
    /// <summary>How old a posting must be before a sweep may remove it, where nothing else is said.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromHours(1);

    /// <summary>The least grace: a writer may be at it for five minutes.</summary>
    public static readonly TimeSpan LeastGrace = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Percent of the postings that a sweep removes without being forced to; those of a few repositories always. More are hardly
    /// what crashes left: rather the repository table has lost rows.
    /// </summary>
    public const double MostSwept = 20;

    private readonly DynamoDbIndex _index;

    internal DynamoDbMaintenance(DynamoDbIndex index) => _index = index;

    /// <summary>
    /// Whether giving the rows of a predecessor their postings failed when it was last tried. It is tried again as long as the index is
    /// open; until it is done searches scan the table. What failed is in the log.
    /// </summary>
    public bool IsAdoptionFailing => _index.IsAdoptionFailing;

    /// <summary>
    /// Removes the postings that writers left behind when they crashed. A search never shows them, it only pays for them.
    /// Safe beside writers and other sweeps. Counts them before any is removed, and removes none where they are more than
    /// <see cref="MostSwept"/> percent. Reads both tables once, and the search table twice where there are more than 50,000
    /// orphans: about one read unit for each 130 postings.
    /// </summary>
    /// <param name="dryRun">Whether to only count them.</param>
    /// <param name="grace">How old they must be, by DynamoDB's clock; <see cref="DefaultGrace"/> if null.</param>
    /// <param name="force">Whether to remove any share of the postings.</param>
    /// <param name="progress">Told after each portion.</param>
    /// <param name="cancellationToken">Cancels the sweep; what was removed stays removed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The grace is under <see cref="LeastGrace"/>.</exception>
    /// <exception cref="RegistryIndexException">DynamoDB failed.</exception>
    public Task<SweepResult> SweepAsync(
        bool dryRun = false, TimeSpan? grace = null, bool force = false, IProgress<SweepResult>? progress = null, CancellationToken cancellationToken = default)
    {
        if (grace < LeastGrace)
            throw new ArgumentOutOfRangeException(nameof(grace), grace, $"A sweep must leave postings alone that are younger than {LeastGrace.TotalMinutes} minutes: their writer may still be at work.");
        return _index.SweepAsync(dryRun, grace ?? DefaultGrace, force, progress, cancellationToken);
    }

    /// <summary>
    /// Creates the tables of an index that are lost, which <see cref="IRegistryIndex.InitializeAsync"/> refuses to do; initialize
    /// and rebuild it afterwards. The rebuild fills a search table; a repository table is filled by loading the repositories
    /// again. Where there is no table at all, there is no index either, and none is made.
    /// </summary>
    /// <returns>The names of the tables that were created.</returns>
    /// <exception cref="RegistryIndexException">DynamoDB failed, or <see cref="DynamoDbIndexOptions.CreateTables"/> is off.</exception>
    public Task<IReadOnlyList<string>> CreateLostTablesAsync(CancellationToken cancellationToken = default) => _index.CreateLostTablesAsync(cancellationToken);

    /// <summary>
    /// Writes the postings of every row of the repository table, those that are there already too: after the search table
    /// was lost or restored, or after a predecessor wrote rows again. Stale postings are left to a sweep. Costs what a load
    /// of the same repositories costs. One process at a time; what is interrupted goes on where it was.
    /// </summary>
    /// <param name="progress">Told how many rows have been dealt with, after each portion.</param>
    /// <param name="cancellationToken">Puts the work down.</param>
    /// <returns>How many rows were dealt with.</returns>
    /// <exception cref="RegistryIndexException">DynamoDB failed, or another process is at it.</exception>
    public Task<long> RebuildAsync(IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        _index.RebuildAsync(progress, cancellationToken);
}

/// <summary>What a sweep found.</summary>
/// <param name="Postings">How many postings it looked at.</param>
/// <param name="Orphans">How many of them no repository speaks for; removed, unless it was a dry run or they were withheld.</param>
/// <param name="DryRun">Whether it was one.</param>
public sealed record SweepResult(long Postings, long Orphans, bool DryRun)
{
    /// <summary>
    /// How many repositories had not just the postings that they call for, and were given them, unless it was a dry run: a predecessor has
    /// written them since the adoption.
    /// </summary>
    public long Repaired { get; init; }

    /// <summary>How many of the orphans are too many at once to be removed without being told to; they stay.</summary>
    public long Withheld { get; init; }
}
