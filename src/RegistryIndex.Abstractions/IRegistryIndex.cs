namespace RegistryIndex;

/// <summary>A search index of a container registry: what every backend provides (docs/contract.md says what each promises).</summary>
/// <remarks>
/// All members are thread-safe and honour their cancellation token (contract 7.3, 7.4). Wrong arguments are
/// <see cref="ArgumentException"/>; whatever fails in the store is a <see cref="RegistryIndexException"/>, never a short answer.
/// Call <see cref="InitializeAsync"/> once before anything else.
/// </remarks>
public interface IRegistryIndex
{
    /// <summary>The backend's name, as errors and metrics show it.</summary>
    string Provider { get; }

    /// <summary>
    /// Creates what is missing in the store and adopts what a predecessor left there; idempotent and safe from many
    /// processes at once; never alters or drops what is not the index's own (contract 6.1 to 6.3).
    /// </summary>
    /// <exception cref="RegistryIndexException">The store cannot be reached, or holds an unknown schema version: the message says what was found and what was expected.</exception>
    Task InitializeAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads one repository; reads your own write at once.</summary>
    /// <param name="name">The name, compared ordinally. A string that is no repository name is simply not there.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The repository, or null.</returns>
    Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Adds the repository or replaces its description; idempotent, last writer wins. What changes nothing writes nothing.</summary>
    /// <exception cref="ArgumentException">The repository breaks a rule (<see cref="Repository.FindProblem"/>).</exception>
    Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default);

    /// <summary>Removes the repository; idempotent.</summary>
    /// <returns>Whether there was something to remove.</returns>
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Every repository in ordinal name order. One that is there throughout is yielded exactly once, whatever is
    /// written meanwhile (contract 2.4). Reads in bounded portions: to stop early costs little.
    /// </summary>
    /// <param name="after">Only names after this one; it need not exist.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The first so many of what <see cref="ListAsync(string?, CancellationToken)"/> yields (contract 2.9). A backend that can read no more
    /// than is wanted has its own; the default reads a portion of the whole list.
    /// </summary>
    /// <param name="after">Only names after this one; it need not exist. Null for the beginning.</param>
    /// <param name="most">How many are wanted; fewer come only where the list ends. Zero and less yield nothing.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    IAsyncEnumerable<Repository> ListAsync(string? after, int most, CancellationToken cancellationToken) => ListAsync(after, cancellationToken).Take(most);

    /// <summary>
    /// Every repository in an order of the store's own, at the least cost (contract 2.10). One that is there throughout is yielded exactly
    /// once. Sees every write that returned before it began. The default is the list.
    /// </summary>
    /// <param name="after">Only what comes after this name in that order; it need not exist any more.</param>
    /// <param name="most">How many the caller wants at most, so that no more are read; null for all.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) =>
        most is { } count ? ListAsync(after, count, cancellationToken) : ListAsync(after, cancellationToken);

    /// <summary>One page of what matches, best first (contract 3 to 5).</summary>
    Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Upserts a stream of any length in bounded memory; never deletes; may be killed and run again. A repository that
    /// breaks a rule is counted and reported, and the import goes on (contract 2.5). Of two with one name the later wins.
    /// </summary>
    /// <param name="repositories">The stream; it is read once, from one thread.</param>
    /// <param name="options">What to do with refused repositories, progress and missing descriptions.</param>
    /// <param name="cancellationToken">Cancels the import; what was written stays.</param>
    Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>What a person wants to know of the index: where it is and how many repositories it holds (contract 2.8).</summary>
    /// <remarks>May cost a count over the store: for people and dashboards, not for each request.</remarks>
    Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads a mark: a short text the index keeps beside the repositories, such as who fills it at the moment
    /// (contract 6.4). Cheap, and consistent with <see cref="TryReplaceMarkAsync"/>.
    /// </summary>
    /// <param name="name">Lower-case ASCII letters and <c>-</c>, at most 40.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The text, or null when there is no such mark.</returns>
    /// <exception cref="ArgumentException">It is no name of a mark (<see cref="IndexMark"/>).</exception>
    Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Replaces a mark if it still is what the caller read, in one atomic step, seen by every process.</summary>
    /// <param name="name">The mark.</param>
    /// <param name="expected">What it must be now; null when it must not be there.</param>
    /// <param name="replacement">What it becomes, at most 4,096 characters; null to remove it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it was replaced.</returns>
    /// <exception cref="ArgumentException">The name or the replacement breaks a rule (<see cref="IndexMark"/>).</exception>
    Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default);
}

/// <summary>What an upsert did.</summary>
public enum UpsertOutcome
{
    /// <summary>The index already said so; nothing was written.</summary>
    Unchanged,

    /// <summary>The repository is new.</summary>
    Added,

    /// <summary>The description was replaced.</summary>
    Updated,
}

/// <summary>The state of an index, for people.</summary>
public sealed record IndexStatus
{
    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>Where the index is: a file, a server and database, a table; never a secret.</summary>
    public required string Location { get; init; }

    /// <summary>How many repositories it holds.</summary>
    public required long Repositories { get; init; }

    /// <summary>Whether the number may be hours old (contract 2.13).</summary>
    public bool IsEstimate { get; init; }
}
