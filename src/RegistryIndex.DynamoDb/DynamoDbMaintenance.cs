namespace RegistryIndex.DynamoDb;

/// <summary>
/// Maintenance of an index in DynamoDB that <see cref="IRegistryIndex"/> does not cover: a sweep after crashes, and a rebuild after a backup was
/// restored. The container has this service whenever the provider is DynamoDB. Thread-safe. Initialize the index first.
/// </summary>
public sealed class DynamoDbMaintenance
{
    /// <summary>The default of how old a posting must be before a sweep may remove it.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromHours(1);

    /// <summary>The minimum grace. A write may take up to five minutes.</summary>
    public static readonly TimeSpan LeastGrace = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The percentage of the postings that a sweep removes without being forced to. It always removes the postings of a few repositories. A
    /// higher share hardly comes from crashes: the repository table has more likely lost rows.
    /// </summary>
    public const double MostSwept = 20;

    private readonly DynamoDbIndex _index;

    internal DynamoDbMaintenance(DynamoDbIndex index) => _index = index;

    /// <summary>
    /// Whether the last attempt to write the postings of a predecessor's rows failed. The attempt is repeated for as long as the index is open.
    /// Until it succeeds, searches scan the table. The log has the error.
    /// </summary>
    public bool IsAdoptionFailing => _index.IsAdoptionFailing;

    /// <summary>
    /// Removes the postings that writers left behind when they crashed. Searches never show these postings, but pay for reading them. A sweep may
    /// run beside writers and other sweeps. It counts the orphans first, and removes none if more than <see cref="MostSwept"/> percent of all
    /// postings belong to more than five repositories that do not exist. It reads both tables once, and the search table twice if there are more
    /// than 50,000 orphans: about one read unit for each 130 postings.
    /// </summary>
    /// <param name="dryRun">Whether to count the postings without removing them.</param>
    /// <param name="grace">How old the postings must be, by DynamoDB's clock; null for <see cref="DefaultGrace"/>.</param>
    /// <param name="force">Whether to remove any share of the postings.</param>
    /// <param name="progress">Receives the result so far after each portion.</param>
    /// <param name="cancellationToken">Cancels the sweep; removed postings stay removed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The grace is less than <see cref="LeastGrace"/>.</exception>
    /// <exception cref="RegistryIndexException">DynamoDB failed.</exception>
    public Task<SweepResult> SweepAsync(
        bool dryRun = false, TimeSpan? grace = null, bool force = false, IProgress<SweepResult>? progress = null, CancellationToken cancellationToken = default)
    {
        if (grace < LeastGrace)
            throw new ArgumentOutOfRangeException(nameof(grace), grace, $"A sweep must not remove postings that are younger than {LeastGrace.TotalMinutes} minutes, because their writer may still be at work.");
        return _index.SweepAsync(dryRun, grace ?? DefaultGrace, force, progress, cancellationToken);
    }

    /// <summary>
    /// Creates the lost tables of an index, which <see cref="IRegistryIndex.InitializeAsync"/> does not do. Initialize and rebuild the index
    /// afterwards. The rebuild fills a search table. To fill a repository table, load the repositories again. If no table exists, there is
    /// no index, and this method creates nothing.
    /// </summary>
    /// <returns>The names of the tables that were created.</returns>
    /// <exception cref="RegistryIndexException">DynamoDB failed, or <see cref="DynamoDbIndexOptions.CreateTables"/> is off.</exception>
    public Task<IReadOnlyList<string>> CreateLostTablesAsync(CancellationToken cancellationToken = default) => _index.CreateLostTablesAsync(cancellationToken);

    /// <summary>
    /// Writes the postings of every row of the repository table, including those that exist. Use it after the search table was lost or restored,
    /// or after a predecessor wrote rows again. A later sweep removes stale postings. A rebuild costs as much as a load of the same repositories.
    /// Only one process can rebuild at a time. An interrupted rebuild continues from where it stopped.
    /// </summary>
    /// <param name="progress">Receives the number of processed rows after each portion.</param>
    /// <param name="cancellationToken">Stops the rebuild; the next call resumes it.</param>
    /// <returns>The number of processed rows.</returns>
    /// <exception cref="RegistryIndexException">DynamoDB failed, or another process is writing the postings.</exception>
    public Task<long> RebuildAsync(IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        _index.RebuildAsync(progress, cancellationToken);
}

/// <summary>The result of a sweep.</summary>
/// <param name="Postings">How many postings the sweep read.</param>
/// <param name="Orphans">How many postings belong to no row. They are removed, except in a dry run or if they are withheld.</param>
/// <param name="DryRun">Whether the sweep was a dry run.</param>
public sealed record SweepResult(long Postings, long Orphans, bool DryRun)
{
    /// <summary>
    /// How many repositories did not have exactly the postings that their rows require. They have been given these postings, except in a dry run.
    /// A predecessor has written such rows since the adoption.
    /// </summary>
    public long Repaired { get; init; }

    /// <summary>How many orphans were not removed because they are too many to be removed without force.</summary>
    public long Withheld { get; init; }
}
