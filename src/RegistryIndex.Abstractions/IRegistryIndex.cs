namespace RegistryIndex;

/// <summary>A search index of a container registry, the interface of every provider. docs/contract.md defines what each provider promises.</summary>
/// <remarks>
/// All members are thread-safe and honour their cancellation token (contract 7.3, 7.4). Invalid arguments throw
/// <see cref="ArgumentException"/>. A failure of the store throws <see cref="RegistryIndexException"/>; it never gives an incomplete answer.
/// Call <see cref="InitializeAsync"/> once before other members.
/// </remarks>
public interface IRegistryIndex
{
    /// <summary>The provider's name, as errors and metrics show it.</summary>
    string Provider { get; }

    /// <summary>
    /// The optional features of the index. The value never changes during the lifetime of the object and is available before initialization
    /// (contract 8.5, 8.10).
    /// </summary>
    /// <remarks>A decorator returns the value of the inner index.</remarks>
    IndexCapabilities Capabilities => IndexCapabilities.None;

    /// <summary>
    /// Creates what is missing in the store and adopts the data of a predecessor. The call is idempotent and safe from many
    /// processes at once. It never alters or drops data of others (contract 6.1 to 6.3).
    /// </summary>
    /// <exception cref="RegistryIndexException">
    /// The store cannot be reached or holds an unknown schema version. The message names the version found and the version expected.
    /// </exception>
    Task InitializeAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads one repository. A caller sees its own writes at once.</summary>
    /// <param name="name">The name, compared ordinally. For a string that is not a repository name, the result is null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The repository, or null if it does not exist.</returns>
    Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Adds the repository or replaces its description and facts, as <see cref="Repository.WriteOver"/> defines. The call is idempotent and the last
    /// writer wins. If nothing changes, nothing is written.
    /// </summary>
    /// <exception cref="ArgumentException">The repository breaks a rule (<see cref="Repository.FindProblem"/>).</exception>
    Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default);

    /// <summary>Removes the repository. The call is idempotent.</summary>
    /// <returns>Whether the repository existed.</returns>
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists all repositories in name order by code point. A repository that exists throughout the enumeration is yielded exactly once, despite
    /// concurrent writes (contract 2.4). The list is read in bounded portions, so stopping early costs little.
    /// </summary>
    /// <param name="after">Only names after this one; it need not exist.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the first repositories that <see cref="ListAsync(string?, CancellationToken)"/> yields, up to a number (contract 2.9). A provider
    /// overrides it if it can avoid reading more than that; the default implementation reads a portion of the full list.
    /// </summary>
    /// <param name="after">Only names after this one; it need not exist. Null for the beginning.</param>
    /// <param name="most">The number of repositories; fewer are yielded only at the end of the list. Zero and negative numbers yield nothing.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    IAsyncEnumerable<Repository> ListAsync(string? after, int most, CancellationToken cancellationToken) => ListAsync(after, cancellationToken).Take(most);

    /// <summary>
    /// Lists all repositories in the order that costs the store least (contract 2.10). A repository that exists throughout the enumeration is yielded
    /// exactly once. The scan sees every write that completed before it began. The default implementation is the list.
    /// </summary>
    /// <param name="after">Only repositories after this name in that order; it need not exist any more.</param>
    /// <param name="most">The maximum number that the caller needs, so that no more are read; null for all.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default) =>
        most is { } count ? ListAsync(after, count, cancellationToken) : ListAsync(after, cancellationToken);

    /// <summary>Returns one page of matches, best first (contract 3 to 5) or in the requested order (contract 8.10).</summary>
    /// <exception cref="ArgumentException">The index does not support the requested order (<see cref="SearchRequest.ThrowIfRefusedBy"/>).</exception>
    Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Upserts a stream of any length in bounded memory. An import never deletes, and it can be killed and run again. A repository that
    /// breaks a rule is counted and reported, and the import continues (contract 2.5). Of two repositories with the same name the later wins.
    /// </summary>
    /// <param name="repositories">The stream; it is enumerated once, one item at a time.</param>
    /// <param name="options">How to report refused repositories and progress, and how to treat missing descriptions.</param>
    /// <param name="cancellationToken">Cancels the import; repositories already written stay.</param>
    Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Returns the location of the index and its number of repositories, for operators (contract 2.8).</summary>
    /// <remarks>The call may count the store. Use it for people and dashboards, not for each request.</remarks>
    Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads a mark. A mark is a short text that the index keeps beside the repositories, such as which process fills it
    /// (contract 6.4). The read is cheap and consistent with <see cref="TryReplaceMarkAsync"/>.
    /// </summary>
    /// <param name="name">Lower-case ASCII letters and <c>-</c>, at most 40.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The text, or null when the mark does not exist.</returns>
    /// <exception cref="ArgumentException">The name is not a valid mark name (<see cref="IndexMark"/>).</exception>
    Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Replaces a mark if it still has the expected text. The step is atomic and visible to every process.</summary>
    /// <param name="name">The mark.</param>
    /// <param name="expected">The text that the mark must have now; null when it must not exist.</param>
    /// <param name="replacement">The new text, at most 4,096 UTF-16 code units; null to remove the mark.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether the mark was replaced.</returns>
    /// <exception cref="ArgumentException">The name, the expected text or the replacement breaks a rule (<see cref="IndexMark"/>).</exception>
    Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default);
}

/// <summary>The outcome of an upsert.</summary>
public enum UpsertOutcome
{
    /// <summary>The index already had this content; nothing was written.</summary>
    Unchanged,

    /// <summary>The repository was added.</summary>
    Added,

    /// <summary>The description or the facts were replaced.</summary>
    Updated,
}

/// <summary>The state of an index, for operators.</summary>
public sealed record IndexStatus
{
    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>The location of the index: a file, a server and database, a table. It never contains a secret.</summary>
    public required string Location { get; init; }

    /// <summary>The number of repositories.</summary>
    public required long Repositories { get; init; }

    /// <summary>Whether the number may be hours old (contract 2.13).</summary>
    public bool IsEstimate { get; init; }
}
