using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Sweeping;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>What there is at first, who does what, and what may happen meanwhile.</summary>
/// <param name="Before">The row at first.</param>
/// <param name="Operations">What is done, each by a process of its own.</param>
internal sealed record Scenario(RepositoryRow? Before, params IReadOnlyList<Operation> Operations)
{
    private static readonly DateTimeOffset Yesterday = ModelClock.Start - TimeSpan.FromDays(1);
    private static readonly string OldNameNonce = Nonce.New(Yesterday);
    private static readonly string OldNonce = Nonce.New(Yesterday);

    /// <summary>The nonces that are there at first, and what reports call them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> OldNonces => [new(OldNameNonce, "n"), new(OldNonce, "d")];

    /// <summary>What the search table holds at first.</summary>
    public IReadOnlyList<Posting> PostingsBefore { get; init; } = [.. Before?.Postings ?? []];

    /// <summary>How many postings sweepers come across.</summary>
    public int Sweepers { get; init; }

    /// <summary>Whether nobody does anything outside the write protocol.</summary>
    public bool IsOfProtocol { get; } = Operations.All(operation => operation.IsOfProtocol);

    /// <summary>Whether the last sweeps also repair rows that have not the postings that they call for.</summary>
    public bool IsRepaired { get; init; }

    /// <summary>What a sweeper does with a posting that it comes across.</summary>
    public Func<IIndexStore, Posting, Task> SweepAsync { get; init; } = SweepWith(TimeSpan.FromHours(1));

    /// <summary>How far the clocks of the writers are ahead of the store's.</summary>
    public TimeSpan WritersAhead { get; init; }

    /// <summary>How far the clocks of the sweepers are ahead of the store's.</summary>
    public TimeSpan SweepersAhead { get; init; }

    /// <summary>Whether a write is forgotten by the memory of the process that wrote it.</summary>
    public bool ForgetsWrites { get; init; } = true;

    /// <summary>How many requests may fail.</summary>
    public int Failures { get; init; }

    /// <summary>Whether, and when, two hours may pass at once.</summary>
    public Pause Pause { get; init; }

    /// <summary>Whether the index is only looked at when all have ended.</summary>
    public bool IsJudgedAtTheEnd { get; init; }

    /// <summary>Whether the keys of postings hold the nonce.</summary>
    public bool KeysHoldTheNonce { get; init; } = true;

    /// <summary>What stands between a writer and the store.</summary>
    public Func<IIndexStore, IIndexStore> Between { get; init; } = store => store;

    /// <summary>A row that the index wrote long ago; its description has been replaced since it was added.</summary>
    public static RepositoryRow Row(string? description) => new(Operation.Name, description, OldNameNonce, OldNonce);

    /// <summary>A row that a predecessor wrote: there are no postings.</summary>
    public static RepositoryRow PredecessorsRow(string? description) => new(Operation.Name, description, null, null);

    public static Func<IIndexStore, Posting, Task> SweepWith(TimeSpan grace) =>
        (store, posting) => new Sweeper(store, grace).SweepAsync([posting]);

    public override string ToString()
    {
        var before = Before is null ? "no row" : $"{(Before.IsAdopted ? "row" : "predecessor's row")} {Before.Stored ?? "nothing"}{(!Before.IsAdopted ? "" : PostingsBefore.Count == 0 ? " without postings" : PostingsBefore.SequenceEqual(Before.Postings) ? "" : " with other postings")}";
        return $"{before}: {string.Join(" | ", Operations.Select(operation => operation.Text))}";
    }
}

/// <summary>When two hours may pass at once: more than a writer allows itself and than a sweeper waits.</summary>
internal enum Pause
{
    Never,

    /// <summary>At any time, but whoever has found itself young enough to put its row never comes back from it.</summary>
    ButNotBeforeAPut,

    /// <summary>At any time.</summary>
    AnyTime,
}
