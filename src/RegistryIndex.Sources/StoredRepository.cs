namespace RegistryIndex.Sources;

/// <summary>A repository in its registry.</summary>
/// <param name="Repository">
/// Its name in the registry, which may break the grammar (an import then refuses it with the reason), and its description, ready to be
/// stored.
/// </param>
/// <param name="Position">The position to continue an enumeration after; opaque, one line, valid for this source only.</param>
/// <param name="Problem">
/// One sentence when an image could not be read, such as a manifest that is missing or not JSON. The repository exists nevertheless; its
/// description is then that of another tag, or not known, and must not replace a known description.
/// </param>
public sealed record StoredRepository(Repository Repository, string Position, string? Problem)
{
    /// <summary>
    /// Whether the repository certainly exists. If not, the registry lists it, and <see cref="Problem"/> says why no more is known.
    /// </summary>
    public bool IsCertain { get; init; } = true;

    /// <summary>
    /// The failure of a read, which says nothing about the image: try again later. The other properties have what could be read. Null when
    /// nothing failed.
    /// </summary>
    public RegistrySourceException? Failure { get; init; }

    /// <summary>Whether other repositories may exist below its name that are not known, because it cannot be read.</summary>
    public bool HidesOthers { get; init; }

    /// <summary>
    /// The names of its tags, in no particular order. Null where the source does not say them: only a look-up of one repository does.
    /// </summary>
    public IReadOnlyCollection<string>? Tags { get; init; }

    /// <summary>
    /// Whether its source stores descriptions. The Python registry's storage does not, so a missing description there means nothing.
    /// </summary>
    public bool MayHaveDescription { get; init; } = true;
}
