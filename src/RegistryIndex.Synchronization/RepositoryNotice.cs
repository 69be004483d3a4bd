namespace RegistryIndex.Synchronization;

/// <summary>
/// What an event says about a repository. The registry is asked for the actual state; the notice is used alone only where there is no
/// source to ask.
/// </summary>
public enum RepositoryNotice
{
    /// <summary>Something was removed, perhaps not all of the repository.</summary>
    Changed,

    /// <summary>Something was pushed, so the repository exists.</summary>
    Pushed,

    /// <summary>The whole repository was deleted.</summary>
    Deleted,

    /// <summary>A re-sync accepted a listing that does not have the repository.</summary>
    NotListed,
}
