namespace RegistryIndex.EfCore.Model;

/// <summary>A repository that was found by its name (<see cref="Engines.Statements.FoundColumns"/>).</summary>
internal sealed class FoundRow
{
    public int Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Facts { get; init; }

    public RepositoryRow InTable => new() { Id = Id, Name = Name, Description = Description };

    public Repository ToRepository(Func<string?, string?> fromStored) => Repository.FromStored(Name, fromStored(Description), Facts);
}
