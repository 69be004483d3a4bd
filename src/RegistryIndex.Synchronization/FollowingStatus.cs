namespace RegistryIndex.Synchronization;

/// <summary>How an index follows its registry.</summary>
public sealed record FollowingStatus
{
    /// <summary>The location of the registry or of its storage; null where the index has events only.</summary>
    public string? Location { get; init; }

    /// <summary>Whether the registry answered the last request.</summary>
    public bool IsUp { get; init; }

    /// <summary>Why it did not answer, why the last re-sync failed, or what the re-sync could not read; null when there is no problem.</summary>
    public string? Problem { get; init; }

    /// <summary>How many repositories wait for their look-up.</summary>
    public int Pending { get; init; }

    /// <summary>When the last re-sync ended; null where there was none.</summary>
    public DateTimeOffset? LastSync { get; init; }

    /// <summary>How many repositories the last re-sync kept because removing them would exceed the limit of a single run.</summary>
    public long Withheld { get; init; }

    /// <summary>Whether the next re-sync has work left over from events.</summary>
    public bool IsSyncNeeded { get; init; }

    /// <summary>How many repositories or directories the last full read could not read.</summary>
    public long Unread { get; init; }
}
