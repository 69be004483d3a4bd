namespace RegistryIndex.Synchronization;

/// <summary>How a re-sync goes about it.</summary>
public sealed record SyncMode
{
    /// <summary>Whether it may remove any share of the index, and believes an empty listing.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether it only adds: it removes nothing, and where an image says no description the one that is there stays.</summary>
    public bool IsAdditive { get; init; }

    /// <summary>Told of each change as a line: <c>+</c>, <c>~</c> or <c>-</c> and the name; the first two only by <see cref="IRegistrySynchronizer.TryOutAsync"/>.</summary>
    public Action<string>? Changed { get; init; }

    /// <summary>Told how far it is.</summary>
    public IProgress<ImportResult>? Progress { get; init; }

    /// <summary>Whether it writes nothing.</summary>
    internal bool IsDryRun { get; init; }
}
