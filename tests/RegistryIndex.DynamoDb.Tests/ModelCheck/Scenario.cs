using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Sweeping;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>The initial data, the operations, and the possible events.</summary>
/// <param name="Before">The initial row.</param>
/// <param name="Operations">The operations, each in a process of its own.</param>
internal sealed record Scenario(RepositoryRow? Before, params IReadOnlyList<Operation> Operations)
{
    private static readonly DateTimeOffset Yesterday = ModelClock.Start - TimeSpan.FromDays(1);
    private static readonly string OldNameNonce = Nonce.New(Yesterday);
    private static readonly string OldNonce = Nonce.New(Yesterday);
    private static readonly string OldFactsNonce = Nonce.New(Yesterday);

    /// <summary>The initial nonces, and their names in reports.</summary>
    public static IEnumerable<KeyValuePair<string, string>> OldNonces => [new(OldNameNonce, "n"), new(OldNonce, "d"), new(OldFactsNonce, "f")];

    /// <summary>The initial content of the search table.</summary>
    public IReadOnlyList<Posting> PostingsBefore { get; init; } = [.. Before?.Postings ?? []];

    /// <summary>The number of postings that sweepers find.</summary>
    public int Sweepers { get; init; }

    /// <summary>Whether all operations keep to the write protocol.</summary>
    public bool IsOfProtocol { get; } = Operations.All(operation => operation.IsOfProtocol);

    /// <summary>Whether the last sweeps also repair rows with wrong postings.</summary>
    public bool IsRepaired { get; init; }

    /// <summary>The action of a sweeper on a posting that it finds.</summary>
    public Func<IIndexStore, Posting, Task> SweepAsync { get; init; } = SweepWith(TimeSpan.FromHours(1));

    /// <summary>How far the clocks of the writers are ahead of the store's.</summary>
    public TimeSpan WritersAhead { get; init; }

    /// <summary>How far the clocks of the sweepers are ahead of the store's.</summary>
    public TimeSpan SweepersAhead { get; init; }

    /// <summary>Whether a process removes a row that it writes from its cache.</summary>
    public bool ForgetsWrites { get; init; } = true;

    /// <summary>How many requests may fail.</summary>
    public int Failures { get; init; }

    /// <summary>Whether, and when, two hours may pass at once.</summary>
    public Pause Pause { get; init; }

    /// <summary>Whether the index is judged only after all operations have ended.</summary>
    public bool IsJudgedAtTheEnd { get; init; }

    /// <summary>Whether the keys of postings contain the nonce.</summary>
    public bool KeysHoldTheNonce { get; init; } = true;

    /// <summary>Wraps the store of a writer.</summary>
    public Func<IIndexStore, IIndexStore> Between { get; init; } = store => store;

    /// <summary>A row that the index wrote long ago. Its description has been replaced since it was added.</summary>
    public static RepositoryRow Row(string? description, RepositoryFacts? facts = null) =>
        new(Operation.Name, description, OldNameNonce, OldNonce) { Facts = facts, FactsNonce = facts is null ? null : OldFactsNonce };

    /// <summary>A row that a predecessor wrote. It has no postings.</summary>
    public static RepositoryRow PredecessorsRow(string? description) => new(Operation.Name, description, null, null);

    public static Func<IIndexStore, Posting, Task> SweepWith(TimeSpan grace) =>
        (store, posting) => new Sweeper(store, grace).SweepAsync([posting]);

    public override string ToString()
    {
        var before = Before is null ? "no row" : $"{(Before.IsAdopted ? "row" : "predecessor's row")} {Before.Stored ?? "nothing"}{(Before.Facts is null ? "" : $" {Operation.TextOf(Before.Facts)}")}{(!Before.IsAdopted ? "" : PostingsBefore.Count == 0 ? " without postings" : PostingsBefore.SequenceEqual(Before.Postings) ? "" : " with other postings")}";
        return $"{before}: {string.Join(" | ", Operations.Select(operation => operation.Text))}";
    }
}

/// <summary>When two hours may pass at once. That is longer than a writer allows itself and than a sweeper waits.</summary>
internal enum Pause
{
    Never,

    /// <summary>At any time, but a process that has checked its age and is about to put its row never continues.</summary>
    ButNotBeforeAPut,

    /// <summary>At any time.</summary>
    AnyTime,
}
