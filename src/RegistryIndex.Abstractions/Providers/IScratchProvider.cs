namespace RegistryIndex;

/// <summary>
/// A provider that can create a separate place for a temporary index beside the configured one, and drop it again.
/// <c>registry-index conformance</c> tests the provider there. A provider without this interface is tested only by its own tests.
/// </summary>
public interface IScratchProvider : IRegistryIndexProvider
{
    /// <summary>
    /// Creates an empty place: a database, a directory, names for tables. It uses the store and the permissions of the configuration,
    /// so that test results also apply to the configured index.
    /// </summary>
    /// <param name="services">
    /// The services that <see cref="IRegistryIndexProvider.AddServices"/> added for the configured index, and the configuration itself. They outlive
    /// the place.
    /// </param>
    /// <param name="name">
    /// The name of the place, or the end of its name: a letter, then at most 40 lower-case ASCII letters, digits and <c>_</c>.
    /// </param>
    /// <param name="cancellationToken">Cancels the call; nothing stays behind.</param>
    /// <exception cref="RegistryIndexException">
    /// The store cannot be reached, or something with that name already exists. The call leaves it unchanged.
    /// </exception>
    Task<ScratchPlace> CreateScratchAsync(IServiceProvider services, string name, CancellationToken cancellationToken);
}

/// <summary>A place for one index that has no other users. Disposing of it drops it with all its content.</summary>
/// <param name="location">The location, for operators; never a secret.</param>
/// <param name="settings">The settings that override the configuration so that the provider opens its index there.</param>
/// <param name="drop">Removes everything that was created there, and nothing else. Called once, after every index there was disposed of.</param>
public sealed class ScratchPlace(string location, IReadOnlyDictionary<string, string?> settings, Func<Task> drop) : IAsyncDisposable
{
    private Func<Task>? _drop = drop;

    /// <summary>The location, for operators.</summary>
    public string Location { get; } = location;

    /// <summary>The settings that override the configuration so that the provider opens its index there.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; } = settings;

    /// <summary>Why several processes cannot open the index there, in one sentence; null when they can.</summary>
    public string? WhyNotShared { get; init; }

    /// <summary>Drops the place. Later calls do nothing.</summary>
    /// <exception cref="RegistryIndexException">The store did not allow it. The message says what is left.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _drop, null) is { } drop)
            await drop().ConfigureAwait(false);
    }
}
