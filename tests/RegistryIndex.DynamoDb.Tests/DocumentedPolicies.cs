using System.Text.Json;
using RegistryIndex.Testing;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The permissions that docs/dynamodb.md names, each as an action and the table that it is allowed on: <c>Query search</c>.</summary>
internal static class DocumentedPolicies
{
    /// <summary>The part after the prefix in the names of the conformance kit's tables.</summary>
    public const string Scratch = "registry_index_scratch_*";

    private const string Document = "docs/dynamodb.md";

    public static HashSet<string> Search => [.. Statements().SelectMany(statement => statement.Actions.Select(action => $"{action} {statement.Table}"))];

    public static HashSet<string> Write =>
    [
        .. Search,
        .. Said("To write as well, and to sweep and rebuild: `dynamodb:UpdateItem` and `dynamodb:DeleteItem` on the repository table,", "UpdateItem repository", "DeleteItem repository"),
        .. Said("`dynamodb:UpdateItem` on the version table,", "UpdateItem version"),
        .. Said("`dynamodb:BatchWriteItem` and `dynamodb:Scan` on the search table.", "BatchWriteItem search", "Scan search"),
    ];

    public static HashSet<string> Create =>
    [
        .. Write,
        .. Said("To create missing tables: `dynamodb:CreateTable` on all three,", OnAll("CreateTable")),
        .. Said("with `tags` `dynamodb:TagResource` and with `point_in_time_recovery` `dynamodb:UpdateContinuousBackups` and `dynamodb:DescribeContinuousBackups` as well.", [.. OnAll("TagResource"), .. OnAll("UpdateContinuousBackups"), .. OnAll("DescribeContinuousBackups")]),
    ];

    public static HashSet<string> Conformance =>
    [
        .. Said(
            "`registry-index conformance` needs nothing of these tables. On `docker-registry-registry_index_scratch_*` it needs `dynamodb:CreateTable`, `DescribeTable`, `DeleteTable`, "
            + "`BatchGetItem`, `BatchWriteItem`, `DeleteItem`, `GetItem`, `Query`, `Scan` and `UpdateItem`.",
            [.. new[] { "CreateTable", "DescribeTable", "DeleteTable", "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "Query", "Scan", "UpdateItem" }.Select(action => $"{action} {Scratch}")]),
    ];

    /// <summary>The text of the document without line breaks.</summary>
    public static string Text { get; } = string.Join(' ', File.ReadAllText(Checkout.PathOf(Document.Split('/'))).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string[] OnAll(string action) => [$"{action} repository", $"{action} version", $"{action} search"];

    private static string[] Said(string sentence, params string[] permissions)
    {
        Text.Should().Contain(sentence);
        return permissions;
    }

    private static IEnumerable<(string Table, string[] Actions)> Statements()
    {
        using var policy = JsonDocument.Parse(Checkout.Snippet(Document, "json"));
        foreach (var statement in policy.RootElement.GetProperty("Statement").EnumerateArray())
            yield return (statement.GetProperty("Resource").GetString()!.Split("table/docker-registry-")[1], [.. statement.GetProperty("Action").EnumerateArray().Select(action => action.GetString()!.Split(':')[1])]);
    }
}
