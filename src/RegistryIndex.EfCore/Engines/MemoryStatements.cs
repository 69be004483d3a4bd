namespace RegistryIndex.EfCore.Engines;

/// <summary>The statements of the folded texts that are kept in memory. Lists of names and ids are JSON parameters.</summary>
public sealed record MemoryStatements
{
    internal const string NoteAll = "INSERT INTO registry_index_change (token, id) VALUES ({0}, NULL)";

    // Long enough for a program that searches now and then to learn from the log what has changed since.
    internal const string Trim = "DELETE FROM registry_index_change WHERE number <= (SELECT max(number) FROM registry_index_change) - 10000";

    internal const string ReadChanges = """
        SELECT number AS "Number", token AS "Token", id AS "Id" FROM registry_index_change WHERE number >= {0} ORDER BY number
        """;

    internal const string ReadAll = $"SELECT {Folded} FROM registry_index_text AS search";

    /// <summary>The columns of a folded text.</summary>
    public const string Folded = """search.id AS "Id", search.name AS "Name", search.folded_name AS "FoldedName", search.folded_description AS "FoldedDescription" """;

    /// <summary>The columns of a row of a page.</summary>
    public const string Page = """log.number AS "Number", log.token AS "Token", page.id AS "Id", page.name AS "Name", page.description AS "Description" """;

    /// <summary>Notes repositories by their names.</summary>
    public required string Note { get; init; }

    /// <summary>Reads what is folded of those with some ids.</summary>
    public required string ReadFolded { get; init; }

    /// <summary>Reads those with some ids, and in the same statement where the log stands.</summary>
    public required string ReadPage { get; init; }
}
