namespace RegistryIndex.Sources;

/// <summary>A repository as its registry has it.</summary>
/// <param name="Repository">
/// Its name as the registry says it, which may break the grammar (an import then refuses it with the reason), and its
/// description, ready to be stored.
/// </param>
/// <param name="Position">Where an enumeration may go on; opaque, of one line, valid for this source only.</param>
/// <param name="Problem">
/// One sentence when an image could not be read, such as a manifest that is missing or no JSON. The repository is there all
/// the same; its description is then that of another tag, or not known, and shall not take the place of one that is known.
/// </param>
public sealed record StoredRepository(Repository Repository, string Position, string? Problem)
{
    /// <summary>Whether it is there at all; where it is not certain the registry lists it, and <see cref="Problem"/> says why it cannot tell more.</summary>
    public bool IsCertain { get; init; } = true;

    /// <summary>
    /// What failed when it was read, which says nothing of its image: ask again in a while. What is here besides is what could
    /// be had. Null when nothing failed.
    /// </summary>
    public RegistrySourceException? Failure { get; init; }

    /// <summary>Whether there may be other repositories below its name, which are not known as it cannot be read.</summary>
    public bool HidesOthers { get; init; }

    /// <summary>Whether its source keeps descriptions; the Python registry's does not, so that to have none there says nothing.</summary>
    public bool MayHaveDescription { get; init; } = true;
}
