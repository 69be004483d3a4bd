namespace RegistryIndex.EfCore.Memory;

/// <summary>The folded texts of a repository.</summary>
internal sealed class FoldedText
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public required string FoldedName { get; init; }

    public required string FoldedDescription { get; init; }
}
