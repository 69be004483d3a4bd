namespace RegistryIndex;

/// <summary>The options of <see cref="IRegistryIndex.ImportAsync"/>: what it reports, and how it treats a missing description.</summary>
public sealed record ImportOptions
{
    /// <summary>Called with each refused repository and the reason, one call at a time.</summary>
    public Action<RefusedRepository>? Refused { get; init; }

    /// <summary>Receives the progress of the import after each portion is safely stored.</summary>
    public IProgress<ImportResult>? Progress { get; init; }

    /// <summary>
    /// Whether a repository without a description keeps the stored description instead of removing it. Use it for
    /// sources that know all names but not all descriptions.
    /// </summary>
    public bool KeepDescriptions { get; init; }
}
