namespace RegistryIndex.EfCore.Engines;

/// <summary>The statements of an engine that do not search. <c>{0}</c> is the first parameter.</summary>
/// <remarks>
/// A batch is one JSON parameter: an array of objects with <c>id</c>, <c>name</c>, <c>description</c>, <c>folded_name</c> and
/// <c>folded_description</c>. A batch of names alone is an array of strings. The objects of starts of path segments have
/// <c>id</c>, <c>name</c>, <c>text</c>, <c>unofficial</c>, <c>name_length</c> and <c>also_before</c>. The objects of facts have
/// <c>name</c>, <c>push</c> and <c>facts</c>.
/// </remarks>
public sealed record Statements
{
    /// <summary>
    /// The table of folded names and descriptions. Programs that know only version 1 of the schema use another table, and so write nothing here.
    /// </summary>
    public const string TextTable = "registry_index_text";

    /// <summary>The table of facts: one row for each repository that has facts, with an index in the order of the last push.</summary>
    public const string FactsTable = "registry_index_facts";

    /// <summary>
    /// The facts of a row of <c>repository</c>, as a value. The subquery is evaluated for each row that leaves the
    /// database, however a planner treats joins.
    /// </summary>
    public const string FactsOfRepository = $"(SELECT facts.facts {FromFacts})";

    /// <summary>The text of the last push (<see cref="PushOrder.TextOf"/>) of a row of <c>repository</c>, as a value. It is null without facts.</summary>
    internal const string PushOfRepository = $"(SELECT facts.push {FromFacts})";

    /// <summary>The columns of a row that is found by its name.</summary>
    public const string FoundColumns = $"""repository.id AS "Id", repository.name AS "Name", repository.description AS "Description", {FactsOfRepository} AS "Facts" """;

    /// <summary>The steps of the schema from each version to the next. The first step creates version 1 beside the predecessor's tables.</summary>
    public required IReadOnlyList<SchemaStep> Steps { get; init; }

    /// <summary>Reads the names of a table's columns; returns no rows if the table does not exist.</summary>
    public required string ReadColumns { get; init; }

    /// <summary>Reads the <see cref="FoundColumns"/> of the rows of <c>repository</c> whose names are in a batch.</summary>
    public required string FindRepositories { get; init; }

    /// <summary>Adds a batch, and returns its rows as they are now in <c>repository</c>.</summary>
    public required string AddRepositories { get; init; }

    /// <summary>Replaces the descriptions of a batch.</summary>
    public required string ChangeRepositories { get; init; }

    /// <summary>Writes the folded texts of a batch with ids, but does not overwrite those of a repository of another name.</summary>
    public required string Fold { get; init; }

    /// <summary>Writes the folded descriptions of a batch, for the repositories that have folded texts.</summary>
    public required string FoldDescriptions { get; init; }

    /// <summary>Adds the starts of path segments of a batch that do not exist yet.</summary>
    public required string AddStarts { get; init; }

    /// <summary>Removes a batch of starts of path segments, by their full keys.</summary>
    public required string RemoveStarts { get; init; }

    /// <summary>Writes the facts of a batch of existing repositories, over the facts with the same ids.</summary>
    public required string PutFacts { get; init; }

    /// <summary>The statements for the texts in memory; null if a statement does not read from one snapshot, which those require.</summary>
    public MemoryStatements? Memory { get; init; }

    /// <summary>Removes the folded texts of a repository by its name.</summary>
    public string Unfold { get; init; } = "DELETE FROM registry_index_text WHERE name = {0} AND id IN (SELECT id FROM repository WHERE name = {0})";

    /// <summary>Removes the facts of a repository by its name.</summary>
    public string RemoveFacts { get; init; } = $"DELETE FROM {FactsTable} WHERE id IN (SELECT id FROM repository WHERE name = {{0}})";

    /// <summary>Removes a repository by its name.</summary>
    public string Remove { get; init; } = "DELETE FROM repository WHERE name = {0}";

    /// <summary>Removes folded texts whose repository is gone.</summary>
    /// <remarks>
    /// An old writer that still runs adds and removes rows without our tables, and clears descriptions when an image is pushed again. On SQLite,
    /// the next repository gets an id that the old writer has freed.
    /// </remarks>
    public string DropOrphans { get; init; } = $"DELETE FROM registry_index_text WHERE {IsOrphan}";

    /// <summary>Reads folded texts whose repository is gone.</summary>
    public string FindOrphans { get; init; } = $"SELECT id, name, folded_description AS description FROM registry_index_text WHERE {IsOrphan}";

    /// <summary>Reads the repositories after an id whose folded texts are missing or out of date.</summary>
    public string FindUnfolded { get; init; } = FindUnfoldedBeside(TextTable);

    /// <summary>Reads the facts of repositories that are gone.</summary>
    internal const string FindFactsOrphans = $"SELECT id, name, facts AS description FROM {FactsTable} WHERE {IsFactsOrphan}";

    /// <summary>Removes the facts of repositories that are gone.</summary>
    internal const string DropFactsOrphans = $"DELETE FROM {FactsTable} WHERE {IsFactsOrphan}";

    private const string IsFactsOrphan = $"NOT EXISTS (SELECT 1 FROM repository WHERE repository.id = {FactsTable}.id AND repository.name = {FactsTable}.name)";

    private const string FromFacts = $"FROM {FactsTable} AS facts WHERE facts.id = repository.id AND facts.name = repository.name";

    /// <summary>A value below every id.</summary>
    internal const int BeforeAll = int.MinValue;

    private const string IsOrphan = """
        NOT EXISTS (SELECT 1 FROM repository WHERE repository.id = registry_index_text.id AND repository.name = registry_index_text.name)
        """;

    /// <summary>Reads the rows of <c>repository</c> after an id whose folded texts are missing in a table or out of date.</summary>
    internal static string FindUnfoldedBeside(string table) => $$"""
        SELECT repository.id, repository.name, repository.description
        FROM repository LEFT JOIN {{table}} AS search ON search.id = repository.id AND search.id > {0}
        WHERE repository.id > {0} AND (search.id IS NULL OR search.name <> repository.name
            OR search.folded_description = '' AND trim(coalesce(repository.description, '')) <> ''
            OR search.folded_description <> '' AND trim(coalesce(repository.description, '')) = '')
        """;
}
