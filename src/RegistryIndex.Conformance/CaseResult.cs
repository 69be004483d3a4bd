namespace RegistryIndex.Conformance;

/// <summary>How a case ended.</summary>
public enum CaseOutcome
{
    /// <summary>The provider did what the case says.</summary>
    Pass,

    /// <summary>The provider did something else.</summary>
    Fail,

    /// <summary>The harness lacks what the case needs, or the provider something that it may leave out; the reason says which.</summary>
    Skip,

    /// <summary>The options switched the case off, and say why.</summary>
    Disabled,

    /// <summary>The harness failed, so that nothing is known of the provider.</summary>
    Error,
}

/// <summary>What came of a case.</summary>
public sealed class CaseResult
{
    internal CaseResult(ConformanceCase @case, CaseOutcome outcome, string? reason, CaseFailure? failure, TimeSpan duration) =>
        (Case, Outcome, Reason, Failure, Duration) = (@case, outcome, reason, failure, duration);

    /// <summary>The case.</summary>
    public ConformanceCase Case { get; }

    /// <summary>How it ended.</summary>
    public CaseOutcome Outcome { get; }

    /// <summary>One sentence: why it was skipped, disabled, or an error. Null when it passed or failed.</summary>
    public string? Reason { get; }

    /// <summary>What the provider did instead. Null unless it failed.</summary>
    public CaseFailure? Failure { get; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Everything that there is to say about a case that did not pass, in lines for people; empty when it passed.</summary>
    public string Message => Failure?.ToString() ?? Reason ?? "";
}

/// <summary>What a provider did instead of what a case says.</summary>
public sealed class CaseFailure
{
    internal CaseFailure(IReadOnlyList<string> done, string expected, string came, int seed) =>
        (Done, Expected, Came, Seed) = (done, expected, came, seed);

    /// <summary>What was done, call by call. Of a random history this is the shortest found that still fails.</summary>
    public IReadOnlyList<string> Done { get; }

    /// <summary>What should have come.</summary>
    public string Expected { get; }

    /// <summary>What came.</summary>
    public string Came { get; }

    /// <summary>The seed that repeats it (<see cref="ConformanceOptions.Seed"/>).</summary>
    public int Seed { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Done:\n{string.Concat(Done.Select(line => $"  {line}\n"))}Expected: {Expected}\nCame:     {Came}\nSeed:     {Seed}";
}
