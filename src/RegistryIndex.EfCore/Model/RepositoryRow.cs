namespace RegistryIndex.EfCore.Model;

/// <summary>A row of <c>repository</c>, in the form of docker-registry's SQLAlchemy index.</summary>
internal sealed class RepositoryRow
{
    public int Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public Repository ToRepository(Func<string?, string?> fromStored) => new(Name, fromStored(Description));
}
