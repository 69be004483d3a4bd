namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// The scenarios of concurrent operations. Each description of two letters has one posting. <c>uvw</c> and <c>xvw</c> have two
/// each, and share a text.
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

    /// <summary>Two operations, with few enough states to add a sweeper and a pause of hours. The others then have up to 140,000 states.</summary>
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

    /// <summary>Three operations, with few enough states to add a sweeper. The others then have up to 190,000 states.</summary>
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

    /// <summary>A predecessor has changed the description without the postings, and a sweep has seen that.</summary>
    public static IReadOnlyList<Scenario> OfRepair { get; } = [.. new Operation[][] { [], [Ab], [Cd], [Operation.Delete], [Operation.Renew(Scenario.Row("ab"))] }
        .Select(others => new Scenario(Scenario.Row("ab"), [Operation.Renew(Scenario.Row("ab")), .. others]) { PostingsBefore = [.. Scenario.Row("yz").Postings], IsJudgedAtTheEnd = true })];

    /// <summary>Searches run concurrently with writes of the same process.</summary>
    public static IReadOnlyList<Scenario> OfSearches { get; } =
    [
        new(Scenario.Row("yz"), Operation.Find, Ab, Operation.Find),
        new(Scenario.Row("yz"), Operation.Find, Operation.Delete, Operation.Find),
        new(null, Operation.Find, Ab, Operation.Delete),
    ];

    /// <summary>During a long write, one search may see it and a later one not yet. Searches must see it after it has returned.</summary>
    public static Scenario OfManySearches { get; } = new(Scenario.Row("yz"), Operation.Find, Operation.Find, Operation.Find, Operation.Delete);

    /// <summary>The search table is lost and recreated. A row that is being written at that moment may be found only after the next sweep.</summary>
    public static IReadOnlyList<Scenario> OfLostSearchTable { get; } = [.. new Operation[][] { [], [Ab], [Operation.Delete], [Operation.Adopt] }
        .Select(others => new Scenario(Scenario.Row("yz"), [Disturbances.LoseSearchTable, Disturbances.AdoptAnew, .. others]) { IsRepaired = true })];

    /// <summary>The repository table is lost and recreated, and a sweep finds postings without rows.</summary>
    public static IReadOnlyList<Scenario> OfLostRepositoryTable { get; } = [.. new Operation[][] { [], [Ab], [Operation.Delete], [Operation.Adopt], [Ab, Operation.Delete] }
        .Select(others => new Scenario(Scenario.Row("yz"), [Disturbances.LoseRepositoryTable, Disturbances.Sweep, .. others]))];

    /// <summary>A row is lost and put back, and sweeps run in between.</summary>
    public static IReadOnlyList<Scenario> OfLostRow { get; } = [.. new Operation[][] { [], [Disturbances.Sweep], [Operation.Adopt] }
        .Select(others => new Scenario(Scenario.Row("yz"), [Disturbances.LoseRow, Disturbances.PutBack, Disturbances.Sweep, .. others]))];

    /// <summary>A search runs while the tables are replaced, and another search runs after the process has noticed that.</summary>
    public static Scenario OfMemoryOfALostTable { get; } = new(Scenario.Row("yz"), Operation.Find, Disturbances.LoseRepositoryTable, Disturbances.LookAgain, Disturbances.FindAfterwards);

    /// <summary>A predecessor writes beside the index.</summary>
    public static IReadOnlyList<Scenario> OfPredecessors { get; } =
    [
        .. from write in new[] { Disturbances.PredecessorPuts("cd"), Disturbances.PredecessorChanges("cd"), Disturbances.PredecessorDeletes }
           from others in new Operation[][] { [], [Ab], [Cd], [Operation.Delete], [Operation.Adopt], [Disturbances.Repair], [Disturbances.Sweep], [Ab, Disturbances.Repair] }
           select new Scenario(Scenario.Row("yz"), [write, .. others]) { IsRepaired = true },
        new(null, Disturbances.PredecessorPuts("cd"), Ab) { IsRepaired = true },
        new(Scenario.Row("yz"), Disturbances.PredecessorChanges("cd"), Disturbances.PredecessorChanges("yz"), Ab) { IsRepaired = true },
        new(Scenario.Row("yz"), Disturbances.PredecessorPuts("cd"), Disturbances.LoseSearchTable, Disturbances.AdoptAnew) { IsRepaired = true },
    ];

    private static readonly Dictionary<string, Scenario> ByText =
        OfOne.Concat(OfTwo).Concat(OfThree).Concat(OfRepair).Concat([.. OfSearches, OfManySearches])
        .Concat([.. OfLostSearchTable, .. OfLostRepositoryTable, .. OfLostRow, OfMemoryOfALostTable, .. OfPredecessors]).ToDictionary(scenario => $"{scenario}", StringComparer.Ordinal);

    public static Scenario Named(string text) => ByText[text];
}
