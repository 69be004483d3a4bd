namespace RegistryIndex.Migration;

/// <summary>One of the two indexes of a migration or a comparison.</summary>
/// <param name="Index">The index, opened.</param>
/// <param name="Location">Where it is, for people; a target remembers its source by it.</param>
public sealed record MigrationEndpoint(IRegistryIndex Index, string Location)
{
    /// <summary>Whether searches are answered; what was opened as it was found may only be listed (<see cref="SourceState.Listable"/>).</summary>
    public bool IsSearchable { get; init; } = true;

    /// <summary>Whether mirrors write to it, or did once (<see cref="MirrorMark.IsSetAsync"/>).</summary>
    public bool IsMirrored { get; init; }
}
