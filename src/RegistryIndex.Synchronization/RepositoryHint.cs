namespace RegistryIndex.Synchronization;

/// <summary>What an event hints at. What is true is asked of the registry; only where there is none to ask, the hint has to do.</summary>
public enum RepositoryHint
{
    /// <summary>Something was taken away, which need not be all there was.</summary>
    Changed,

    /// <summary>Something was pushed, so the repository is there.</summary>
    Pushed,

    /// <summary>The whole repository was deleted.</summary>
    Deleted,

    /// <summary>A re-sync did not find it in a listing that it believes.</summary>
    NotListed,
}
