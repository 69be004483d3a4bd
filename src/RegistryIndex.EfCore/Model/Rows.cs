using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Model;

/// <summary>A row of <c>repository</c>, as docker-registry's SQLAlchemy index made the table.</summary>
internal sealed class RepositoryRow
{
    public int Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public Repository ToRepository(IndexDatabase database) => new(Name, database.FromStored(Description));
}

/// <summary>A row of <c>registry_index_state</c>: the schema's version, and the marks of <see cref="IRegistryIndex"/> as <c>mark:NAME</c>.</summary>
internal sealed class StateRow
{
    public const string SchemaVersion = "schema";
    public const string MarkPrefix = "mark:";

    public required string Name { get; init; }

    public required string Value { get; init; }
}
