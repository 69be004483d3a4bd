namespace RegistryIndex.Synchronization;

/// <summary>How an index follows its registry.</summary>
public sealed record FollowingStatus
{
    /// <summary>Where the registry is, or its storage; null where events are all there is.</summary>
    public string? Location { get; init; }

    /// <summary>Whether it answered when it was last asked.</summary>
    public bool IsUp { get; init; }

    /// <summary>Why not, or why the last re-sync failed, or what it could not read; null when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>How many repositories wait to be looked up.</summary>
    public int Pending { get; init; }

    /// <summary>When the last re-sync ended; null where there was none.</summary>
    public DateTimeOffset? LastSync { get; init; }

    /// <summary>How many repositories the last re-sync did not remove, as they are too many at once.</summary>
    public long Withheld { get; init; }

    /// <summary>Whether something was left to the next re-sync.</summary>
    public bool IsSyncNeeded { get; init; }

    /// <summary>How many repositories or directories could not be read when all were read last.</summary>
    public long Unread { get; init; }
}
