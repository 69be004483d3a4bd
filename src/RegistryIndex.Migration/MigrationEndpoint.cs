namespace RegistryIndex.Migration;

/// <summary>One of the two indexes of a migration or a comparison.</summary>
/// <param name="Index">The index, opened.</param>
/// <param name="Location">The location, for operators. A target stores the location of its source.</param>
public sealed record MigrationEndpoint(IRegistryIndex Index, string Location)
{
    /// <summary>Whether the index can be searched. An index opened for reading may only be listable (<see cref="SourceState.Listable"/>).</summary>
    public bool IsSearchable { get; init; } = true;

    /// <summary>Whether mirrors write to the index, or have written to it (<see cref="MirrorMark.IsSetAsync"/>).</summary>
    public bool IsMirrored { get; init; }
}
