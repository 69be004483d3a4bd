namespace RegistryIndex.EfCore.Engines;

/// <summary>The statements of an engine that are not a search. <c>{0}</c> is the first parameter.</summary>
/// <remarks>
/// A batch is one JSON parameter: an array of objects with <c>id</c>, <c>name</c>, <c>description</c>, <c>folded_name</c> and
/// <c>folded_description</c>; of names alone it is an array of strings; of starts of path segments the objects have <c>id</c>, <c>name</c>,
/// <c>text</c>, <c>unofficial</c>, <c>name_length</c> and <c>also_before</c>.
/// </remarks>
public sealed record Statements
{
    /// <summary>The table of names and descriptions, folded. Programs that know version 1 of the schema alone look for another, and so write nothing here.</summary>
    public const string TextTable = "registry_index_text";

    /// <summary>How the schema comes from each version to the next; the first step makes version 1 beside the predecessor's tables.</summary>
    public required IReadOnlyList<SchemaStep> Steps { get; init; }

    /// <summary>The names of a table's columns, of which there are none where there is no table.</summary>
    public required string ReadColumns { get; init; }

    /// <summary>Those rows of <c>repository</c> whose names are in a batch.</summary>
    public required string FindRepositories { get; init; }

    /// <summary>Adds a batch, and gives its rows as they are in <c>repository</c> now.</summary>
    public required string AddRepositories { get; init; }

    /// <summary>Replaces the descriptions of a batch.</summary>
    public required string ChangeRepositories { get; init; }

    /// <summary>Writes the folded texts of a batch with ids, but none over those of a repository of another name.</summary>
    public required string Fold { get; init; }

    /// <summary>Writes the folded descriptions of a batch whose folded texts are there.</summary>
    public required string FoldDescriptions { get; init; }

    /// <summary>Adds those of a batch of starts of path segments that are missing.</summary>
    public required string AddStarts { get; init; }

    /// <summary>Removes a batch of starts of path segments, by all of its key.</summary>
    public required string RemoveStarts { get; init; }

    /// <summary>Those of the memory of texts; null where a statement does not read from one snapshot, which it rests on.</summary>
    public MemoryStatements? Memory { get; init; }

    /// <summary>Removes the folded texts of a repository by its name.</summary>
    public string Unfold { get; init; } = "DELETE FROM registry_index_text WHERE name = {0} AND id IN (SELECT id FROM repository WHERE name = {0})";

    /// <summary>Removes a repository by its name.</summary>
    public string Remove { get; init; } = "DELETE FROM repository WHERE name = {0}";

    /// <summary>Removes folded texts whose repository is gone.</summary>
    /// <remarks>An old writer that is still at work adds and removes rows without us, and wipes descriptions when an image is pushed again. On SQLite an id that it has removed is the next one's.</remarks>
    public string DropOrphans { get; init; } = $"DELETE FROM registry_index_text WHERE {IsOrphan}";

    /// <summary>Reads folded texts whose repository is gone.</summary>
    public string FindOrphans { get; init; } = $"SELECT id, name, folded_description AS description FROM registry_index_text WHERE {IsOrphan}";

    /// <summary>Reads repositories after an id whose folded texts are missing, or of another state.</summary>
    public string FindUnfolded { get; init; } = FindUnfoldedBeside(TextTable);

    /// <summary>What is before every id.</summary>
    internal const int BeforeAll = int.MinValue;

    private const string IsOrphan = """
        NOT EXISTS (SELECT 1 FROM repository WHERE repository.id = registry_index_text.id AND repository.name = registry_index_text.name)
        """;

    /// <summary>Those rows of <c>repository</c> after an id whose folded texts are missing in a table, or of another state.</summary>
    internal static string FindUnfoldedBeside(string table) => $$"""
        SELECT repository.id, repository.name, repository.description
        FROM repository LEFT JOIN {{table}} AS search ON search.id = repository.id AND search.id > {0}
        WHERE repository.id > {0} AND (search.id IS NULL OR search.name <> repository.name
            OR search.folded_description = '' AND trim(coalesce(repository.description, '')) <> ''
            OR search.folded_description <> '' AND trim(coalesce(repository.description, '')) = '')
        """;
}
