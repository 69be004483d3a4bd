namespace RegistryIndex.DynamoDb.Tables;

/// <summary>The three tables of an index.</summary>
internal sealed record TableNames(string Repository, string Version, string Search)
{
    /// <summary>Formats table names for messages.</summary>
    public static string Show(params IEnumerable<string> tables)
    {
        string[] quoted = [.. tables.Select(table => $"'{table}'")];
        return quoted.Length == 1 ? $"the table {quoted[0]}" : $"the tables {string.Join(", ", quoted[..^1])} and {quoted[^1]}";
    }
}
