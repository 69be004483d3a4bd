using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>The three tables as DynamoDB describes them; null for a table that does not exist.</summary>
internal sealed record FoundTables(TableDescription? Repository, TableDescription? Version, TableDescription? Search)
{
    /// <summary>Distinguishes these tables from others of the same names. A recreated or restored table has another id.</summary>
    public string Identity { get; } = string.Join(", ", IdOf(Repository), IdOf(Version), IdOf(Search));

    /// <summary>Whether no table exists.</summary>
    public bool IsNothing => All.All(table => table is null);

    /// <summary>Whether each table exists or is being created.</summary>
    public bool IsWhole => All.All(IsThere);

    /// <summary>Whether each table can be used.</summary>
    public bool IsReady => All.All(CanBeUsed);

    /// <summary>The tables in the order of <see cref="TableSchema.Of"/>.</summary>
    public IReadOnlyList<TableDescription?> All => [Repository, Version, Search];

    public static FoundTables Of(IReadOnlyList<TableDescription?> all) => new(all[0], all[1], all[2]);

    public static bool IsThere(TableDescription? table) => table is not null && table.TableStatus?.Value != "DELETING";

    public static bool CanBeUsed(TableDescription? table) => table?.TableStatus?.Value is "ACTIVE" or "UPDATING";

    public static string IdOf(TableDescription? table) => table is null ? "none" : $"{table.TableId} {table.CreationDateTime:O}";
}
