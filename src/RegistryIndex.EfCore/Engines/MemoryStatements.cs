namespace RegistryIndex.EfCore.Engines;

/// <summary>The statements for the folded texts in memory. Lists of names and ids are JSON parameters.</summary>
public sealed record MemoryStatements
{
    internal const string NoteAll = "INSERT INTO registry_index_change (token, id) VALUES ({0}, NULL)";

    // Long enough that a program that searches only now and then can read the changes from the log.
    internal const string Trim = "DELETE FROM registry_index_change WHERE number <= (SELECT max(number) FROM registry_index_change) - 10000";

    internal const string ReadChanges = """
        SELECT number AS "Number", token AS "Token", id AS "Id" FROM registry_index_change WHERE number >= {0} ORDER BY number
        """;

    internal const string ReadAll = $"SELECT {Folded} FROM registry_index_text AS search";

    /// <summary>The columns of a folded text.</summary>
    public const string Folded = """search.id AS "Id", search.name AS "Name", search.folded_name AS "FoldedName", search.folded_description AS "FoldedDescription" """;

    /// <summary>The columns of a row of a page.</summary>
    public const string Page = """log.number AS "Number", log.token AS "Token", page.id AS "Id", page.name AS "Name", page.description AS "Description", page.facts AS "Facts" """;

    /// <summary>Writes repositories to the log, by name.</summary>
    public required string Note { get; init; }

    /// <summary>Reads the folded texts with some ids.</summary>
    public required string ReadFolded { get; init; }

    /// <summary>Reads the repositories with some ids, and the end of the log in the same statement.</summary>
    public required string ReadPage { get; init; }
}
