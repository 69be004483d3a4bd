namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// Who meets whom. Each description of two letters has one posting; <c>uvw</c> and <c>xvw</c> have two each, and share a
/// text.
/// </summary>
internal static class Scenarios
{
    private static readonly Operation Ab = Operation.Upsert("ab");
    private static readonly Operation Cd = Operation.Upsert("cd");
    private static readonly Operation Nothing = Operation.Upsert(null);

    public static IReadOnlyList<Scenario> OfOne { get; } =
    [
        new(Scenario.Row("yz"), Ab),
        new(null, Ab),
        new(Scenario.PredecessorsRow("yz"), Operation.Adopt),
        new(Scenario.Row("yz"), Operation.Delete),
    ];

    /// <summary>Two that meet, in few enough states that a sweeper may come in and hours may pass; the others have up to 140,000 then.</summary>
    public static IReadOnlyList<Scenario> OfTwoInShort { get; } =
    [
        new(Scenario.Row("yz"), Ab, Ab),
        new(Scenario.Row("yz"), Ab, Operation.Delete),
        new(Scenario.Row("yz"), Operation.Delete, Operation.Delete),
        new(null, Ab, Operation.Delete),
        new(Scenario.PredecessorsRow("yz"), Operation.Adopt, Operation.Delete),
        new(Scenario.Row("yz"), Operation.Adopt, Ab),
        new(Scenario.Row("yz"), Operation.Adopt, Operation.Delete),
        new(Scenario.Row("yz"), Operation.Adopt, Ab) { PostingsBefore = [] },
        new(Scenario.Row("yz"), Operation.Adopt, Operation.Delete) { PostingsBefore = [] },
    ];

    public static IReadOnlyList<Scenario> OfTwo { get; } =
    [
        .. OfTwoInShort,
        new(Scenario.Row("yz"), Ab, Cd),
        new(Scenario.Row("uvw"), Operation.Upsert("xvw"), Nothing),
        new(null, Ab, Cd),
        new(null, Ab, Ab),
        new(null, Ab, Nothing),
        new(Scenario.PredecessorsRow("yz"), Operation.Adopt, Ab),
        new(Scenario.PredecessorsRow("yz"), Operation.Adopt, Operation.Upsert("yz")),
        new(Scenario.PredecessorsRow("yz"), Operation.Adopt, Operation.Adopt),
        new(Scenario.PredecessorsRow("yz"), Ab, Operation.Delete),
    ];

    /// <summary>Three that meet, in few enough states that a sweeper may come in; the others have up to 190,000 then.</summary>
    public static IReadOnlyList<Scenario> OfThreeInShort { get; } =
    [
        new(null, Ab, Nothing, Operation.Delete),
        new(Scenario.PredecessorsRow(null), Operation.Adopt, Ab, Operation.Delete),
    ];

    public static IReadOnlyList<Scenario> OfThree { get; } =
    [
        .. OfThreeInShort,
        new(Scenario.Row("yz"), Ab, Nothing, Operation.Delete),
        new(Scenario.Row("yz"), Ab, Cd, Operation.Upsert("yz")),
    ];

    /// <summary>A predecessor has changed the description below the postings, and a sweep has seen that.</summary>
    public static IReadOnlyList<Scenario> OfRepair { get; } = [.. new Operation[][] { [], [Ab], [Cd], [Operation.Delete], [Operation.Renew(Scenario.Row("ab"))] }
        .Select(others => new Scenario(Scenario.Row("ab"), [Operation.Renew(Scenario.Row("ab")), .. others]) { PostingsBefore = [.. Scenario.Row("yz").Postings], IsJudgedAtTheEnd = true })];

    /// <summary>Searches of the same process meet writes.</summary>
    public static IReadOnlyList<Scenario> OfSearches { get; } =
    [
        new(Scenario.Row("yz"), Operation.Find, Ab, Operation.Find),
        new(Scenario.Row("yz"), Operation.Find, Operation.Delete, Operation.Find),
        new(null, Operation.Find, Ab, Operation.Delete),
    ];

    /// <summary>Where a write is under way for long, one search may see it and a later one not yet: what it promises is to be seen when it has returned.</summary>
    public static Scenario OfManySearches { get; } = new(Scenario.Row("yz"), Operation.Find, Operation.Find, Operation.Find, Operation.Delete);

    private static readonly Dictionary<string, Scenario> ByText =
        OfOne.Concat(OfTwo).Concat(OfThree).Concat(OfRepair).Concat([.. OfSearches, OfManySearches]).ToDictionary(scenario => $"{scenario}", StringComparer.Ordinal);

    public static Scenario Named(string text) => ByText[text];
}
