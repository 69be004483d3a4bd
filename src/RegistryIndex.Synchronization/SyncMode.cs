namespace RegistryIndex.Synchronization;

/// <summary>How a re-sync runs.</summary>
public sealed record SyncMode
{
    /// <summary>Whether the re-sync may remove any share of the index and accepts an empty listing.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether the re-sync only adds: it removes nothing, and a repository keeps its description where its image has none.</summary>
    public bool IsAdditive { get; init; }

    /// <summary>
    /// Whether every image is read again. Otherwise an image that the index holds as it is is not read, and a description that was written by hand stays
    /// with it.
    /// </summary>
    public bool ReadsAgain { get; init; }

    /// <summary>
    /// Receives each change as a line: <c>+</c>, <c>~</c> or <c>-</c> and the name; <see cref="IRegistrySynchronizer.TryOutAsync"/> alone
    /// reports the first two.
    /// </summary>
    public Action<string>? Changed { get; init; }

    /// <summary>Receives the progress.</summary>
    public IProgress<ImportResult>? Progress { get; init; }

    /// <summary>Whether the re-sync writes nothing.</summary>
    internal bool IsDryRun { get; init; }
}
