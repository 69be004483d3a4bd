namespace RegistryIndex.EfCore.Sql;

/// <summary>The statements that are not a search, in one database's words. A batch is one JSON parameter: see <see cref="Model.FoldedRow"/>.</summary>
internal sealed record Statements
{
    /// <summary>The names of a table's columns, of which there are none where there is no table.</summary>
    public required string ReadColumns { get; init; }

    /// <summary>Those rows of <c>repository</c> whose names are in a batch.</summary>
    public required string FindRepositories { get; init; }

    public required string AddRepositories { get; init; }

    public required string ChangeRepositories { get; init; }

    /// <summary>Writes the folded texts of a batch that is in <c>repository</c>.</summary>
    public required string Fold { get; init; }

    public string Unfold { get; init; } = "DELETE FROM registry_index_search WHERE id IN (SELECT id FROM repository WHERE name = {0})";

    public string Remove { get; init; } = "DELETE FROM repository WHERE name = {0}";

    // An old writer that is still at work adds and removes rows without us, and wipes descriptions when an image is pushed again.
    public string DropOrphans { get; init; } = "DELETE FROM registry_index_search WHERE id NOT IN (SELECT id FROM repository)";

    public string FindOrphans { get; init; } = "SELECT id AS \"Value\" FROM registry_index_search WHERE id NOT IN (SELECT id FROM repository)";

    public string FindUnfolded { get; init; } = """
        SELECT repository.id, repository.name, repository.description
        FROM repository LEFT JOIN registry_index_search AS search ON search.id = repository.id
        WHERE search.id IS NULL OR search.name <> repository.name
            OR search.folded_description = '' AND trim(coalesce(repository.description, '')) <> ''
            OR search.folded_description <> '' AND trim(coalesce(repository.description, '')) = ''
        """;
}
