namespace RegistryIndex.Sources;

/// <summary>A registry that is read through its HTTP API. Thread-safe.</summary>
/// <remarks>
/// The API's listing is complete: a repository is gone when the registry neither lists it nor knows it when asked. From a storage,
/// repositories are only added, because a storage that is not mounted looks like an empty one.
/// </remarks>
public interface IRegistryApi : IRegistrySource
{
    /// <summary>
    /// Whether the registry is a pull-through cache. Then only names are listed, a look-up returns what is known from pulls (<see
    /// cref="TryNotePull"/>), and no repository is ever gone, as the cache fetches it again on request.
    /// </summary>
    bool IsCache { get; }

    /// <summary>Notes that a manifest or blob was pulled through the cache, and is now in it.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="tag">The tag of the pull; null when it was pulled by its digest.</param>
    /// <param name="digest">Its digest.</param>
    /// <returns>Whether the pull was not known yet, so that the repository has to be looked up.</returns>
    bool TryNotePull(string name, string? tag, string digest);

    /// <summary>Forgets a pull, so that it counts as new when it is noted again.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="digest">The digest of what was pulled.</param>
    void ForgetPull(string name, string digest);

    /// <summary>
    /// Whether the catalog has any name, with or without tags. A registry whose storage is not mounted still answers, but knows no
    /// repository: its answer that it does not know a repository is reliable only when it knows another one.
    /// </summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="RegistrySourceException">The registry gives no answer at the moment.</exception>
    Task<bool> ListsAnyAsync(CancellationToken cancellationToken = default);

    /// <summary>Checks at the lowest cost that the registry answers and accepts the login.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="RegistrySourceException">The registry does not answer, or does not accept the login.</exception>
    Task ProbeAsync(CancellationToken cancellationToken = default);
}
