namespace RegistryIndex;

/// <summary>
/// A backend that can also make a place for an index of its own beside the configured one, and drop it again. That is
/// where <c>registry-index conformance</c> tries it; a backend that does without is only tried by its own tests.
/// </summary>
public interface IScratchBackend : IRegistryIndexBackend
{
    /// <summary>
    /// Makes a place that holds nothing: a database, a directory, names for tables. In the store that the configuration
    /// names and with its rights, so that what is tried there is true of the configured index.
    /// </summary>
    /// <param name="services">What <see cref="IRegistryIndexBackend.AddServices"/> put into a container for the configured index, and the configuration itself. Outlives the place.</param>
    /// <param name="name">What to call the place, or what its name ends with: a letter, then at most 40 lower-case ASCII letters, digits and <c>_</c>.</param>
    /// <param name="cancellationToken">Cancels the call; nothing stays behind.</param>
    /// <exception cref="RegistryIndexException">
    /// The store cannot be reached, or there is something of that name already, which is left alone whatever it holds.
    /// </exception>
    Task<ScratchPlace> CreateScratchAsync(IServiceProvider services, string name, CancellationToken cancellationToken);
}

/// <summary>A place for one index that nobody else uses. Disposing of it drops it with everything in it.</summary>
/// <param name="location">Where it is, for people; never a secret.</param>
/// <param name="settings">What to lay over the configuration so that the backend opens its index there.</param>
/// <param name="drop">Removes whatever was made there, and nothing else. Called once, after every index there was disposed of.</param>
public sealed class ScratchPlace(string location, IReadOnlyDictionary<string, string?> settings, Func<Task> drop) : IAsyncDisposable
{
    private Func<Task>? _drop = drop;

    /// <summary>Where it is, for people.</summary>
    public string Location { get; } = location;

    /// <summary>What to lay over the configuration so that the backend opens its index there.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; } = settings;

    /// <summary>Why several processes cannot open the index there, in one sentence; null when they can.</summary>
    public string? WhyNotShared { get; init; }

    /// <summary>Drops the place. Later calls do nothing.</summary>
    /// <exception cref="RegistryIndexException">The store did not let it go; the message says what is left.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _drop, null) is { } drop)
            await drop().ConfigureAwait(false);
    }
}
