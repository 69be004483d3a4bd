namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>Concurrent operations on repositories with facts: the row has the facts, and one posting has the day of the last push.</summary>
internal static class FactsScenarios
{
    private static readonly RepositoryFacts First = Operation.Facts("1", day: 1);
    private static readonly RepositoryFacts Second = Operation.Facts("2", day: 2);
    private static readonly RepositoryFacts Third = Operation.Facts("3", day: 3);
    private static readonly Scenario There = new(Scenario.Row("yz", First));

    /// <summary>Only the facts change.</summary>
    private static readonly Operation Push = Operation.Upsert("yz", Second);

    private static readonly Operation Rename = Operation.Upsert("ab");

    public static IReadOnlyList<Scenario> OfOne { get; } =
    [
        With(There, Push),
        With(There, Rename),
        With(There, Operation.Upsert("ab", Second)),
        With(There, Operation.Upsert("yz", Operation.Facts("2", day: null))),
        With(There, Operation.Delete),
        new(Scenario.Row("yz"), Push),
        new(Scenario.PredecessorsRow("yz"), Push),
        new(null, Push),
    ];

    public static IReadOnlyList<Scenario> OfTwo { get; } =
    [
        With(There, Push, Operation.Upsert("yz", Third)),
        With(There, Push, Push),
        With(There, Push, Rename),
        With(There, Push, Operation.Delete),
        With(There, Push, Operation.Adopt),
        With(There with { PostingsBefore = [] }, Push, Operation.Adopt),
        new(Scenario.Row("yz"), Push, Operation.Upsert("ab", Third)),
        new(Scenario.PredecessorsRow("yz"), Push, Operation.Adopt),
        new(null, Push, Operation.Delete),
        new(null, Push, Operation.Upsert("yz", Third)),
    ];

    public static IReadOnlyList<Scenario> OfThree { get; } =
    [
        With(There, Push, Rename, Operation.Delete),
        With(There, Push, Operation.Upsert("yz", Third), Rename),
    ];

    /// <summary>Searches run concurrently with pushes of the same process.</summary>
    public static IReadOnlyList<Scenario> OfSearches { get; } = [With(There, Operation.Find, Push, Operation.Find), With(There, Operation.Find, Operation.Delete, Operation.Find)];

    /// <summary>A server of an earlier build, without facts, writes beside a server with facts.</summary>
    public static IReadOnlyList<Scenario> OfEarlierBuilds { get; } =
    [
        .. from write in new[] { Rename, Operation.Delete, Operation.Adopt, Operation.Upsert("yz") }
           from others in new Operation[][] { [], [Push], [Operation.Upsert("cd", Second)], [Operation.Delete], [Operation.Adopt] }
           select With(There, [Earlier(write), .. others]),
        With(There, Earlier(Operation.Delete), Earlier(Rename), Push),
        new(null, Earlier(Rename), Push),
        new(Scenario.PredecessorsRow("yz"), Earlier(Operation.Adopt), Push),
    ];

    /// <summary>Other changes of the tables.</summary>
    public static IReadOnlyList<Scenario> OfDisturbances { get; } =
    [
        With(There with { IsRepaired = true }, Disturbances.PredecessorPuts("cd"), Push),
        With(There with { IsRepaired = true }, Disturbances.PredecessorChanges("cd"), Push),
        With(There with { IsRepaired = true }, Disturbances.PredecessorDeletes, Push),
        With(There with { IsRepaired = true }, Disturbances.LoseSearchTable, Disturbances.AdoptAnew, Push),
        With(There with { IsRepaired = true, PostingsBefore = [.. Scenario.Row("yz").Postings], IsJudgedAtTheEnd = true }, Disturbances.Repair, Push),
        With(There, Disturbances.LoseRepositoryTable, Disturbances.Sweep, Push),
    ];

    private static readonly Dictionary<string, Scenario> ByText =
        new[] { OfOne, OfTwo, OfThree, OfSearches, OfEarlierBuilds, OfDisturbances }.SelectMany(some => some).ToDictionary(scenario => $"{scenario}", StringComparer.Ordinal);

    public static Scenario Named(string text) => ByText[text];

    private static Scenario With(Scenario scenario, params IReadOnlyList<Operation> operations) =>
        new(scenario.Before, operations) { PostingsBefore = scenario.PostingsBefore, IsRepaired = scenario.IsRepaired, IsJudgedAtTheEnd = scenario.IsJudgedAtTheEnd };

    private static Operation Earlier(Operation operation) => operation with { Text = $"{operation.Text} by an earlier build", KnowsFacts = false };
}
