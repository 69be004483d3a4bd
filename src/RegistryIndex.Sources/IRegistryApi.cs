namespace RegistryIndex.Sources;

/// <summary>A registry that is read through its HTTP API. Thread-safe.</summary>
/// <remarks>
/// Its listing is the whole truth: what it does not list, and does not know when it is asked, is gone. A storage is only added from, as one that
/// is not mounted looks like an empty one.
/// </remarks>
public interface IRegistryApi : IRegistrySource
{
    /// <summary>
    /// Whether it is a pull-through cache. Then only the names are listed, a look-up tells what is known of what was pulled
    /// (<see cref="TryNotePull"/>), and nothing is ever gone, as the cache fetches it again when it is asked for.
    /// </summary>
    bool IsCache { get; }

    /// <summary>Notes that a manifest or blob was pulled through the cache, and is in it now.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="tag">The tag it was pulled by; null when it was pulled by its digest.</param>
    /// <param name="digest">Its digest.</param>
    /// <returns>Whether that is news, so that the repository is to be looked up.</returns>
    bool TryNotePull(string name, string? tag, string digest);

    /// <summary>Forgets a pull, so that it is news when it is noted again.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="digest">The digest of what was pulled.</param>
    void ForgetPull(string name, string digest);

    /// <summary>
    /// Whether the catalog has any name, with tags or without. A registry whose storage is away still answers, and then it knows no
    /// repository: that it does not know one says something only where it knows another.
    /// </summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="RegistrySourceException">It cannot be told at the moment.</exception>
    Task<bool> ListsAnyAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks whether the registry is there and lets us in, at the least cost.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="RegistrySourceException">It is not, or does not.</exception>
    Task ProbeAsync(CancellationToken cancellationToken = default);
}
