namespace RegistryIndex.EfCore.Model;

/// <summary>A row of <c>registry_index_state</c>: the schema's version, and the marks of <see cref="IRegistryIndex"/> as <c>mark:NAME</c>.</summary>
internal sealed class StateRow
{
    public const string SchemaVersion = "schema";
    public const string MarkPrefix = "mark:";

    public required string Name { get; init; }

    public required string Value { get; init; }
}
