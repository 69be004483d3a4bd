namespace RegistryIndex.Conformance;

/// <summary>The outcome of a case.</summary>
public enum CaseOutcome
{
    /// <summary>The provider did what the case demands.</summary>
    Pass,

    /// <summary>The provider did something else.</summary>
    Fail,

    /// <summary>The harness or the provider lacks an optional feature that the case needs. The reason says which.</summary>
    Skip,

    /// <summary>The options disable the case and give the reason.</summary>
    Disabled,

    /// <summary>The harness failed, so the case says nothing about the provider.</summary>
    Error,
}

/// <summary>The result of a case.</summary>
public sealed class CaseResult
{
    internal CaseResult(ConformanceCase @case, CaseOutcome outcome, string? reason, CaseFailure? failure, TimeSpan duration) =>
        (Case, Outcome, Reason, Failure, Duration) = (@case, outcome, reason, failure, duration);

    /// <summary>The case.</summary>
    public ConformanceCase Case { get; }

    /// <summary>The outcome.</summary>
    public CaseOutcome Outcome { get; }

    /// <summary>One sentence: why the case was skipped, disabled or an error. Null when it passed or failed.</summary>
    public string? Reason { get; }

    /// <summary>What the provider did instead. Null unless the case failed.</summary>
    public CaseFailure? Failure { get; }

    /// <summary>The duration of the case.</summary>
    public TimeSpan Duration { get; }

    /// <summary>A full explanation of a case that did not pass, as lines of text; empty when it passed.</summary>
    public string Message => Failure?.ToString() ?? Reason ?? "";
}

/// <summary>The difference between what a provider did and what a case demands.</summary>
public sealed class CaseFailure
{
    internal CaseFailure(IReadOnlyList<string> done, string expected, string came, int seed) =>
        (Done, Expected, Came, Seed) = (done, expected, came, seed);

    /// <summary>The calls in order. For a random history, this is the shortest history found that still fails.</summary>
    public IReadOnlyList<string> Done { get; }

    /// <summary>The expected result.</summary>
    public string Expected { get; }

    /// <summary>The actual result.</summary>
    public string Came { get; }

    /// <summary>The seed that repeats the failure (<see cref="ConformanceOptions.Seed"/>).</summary>
    public int Seed { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Done:\n{string.Concat(Done.Select(line => $"  {line}\n"))}Expected: {Expected}\nCame:     {Came}\nSeed:     {Seed}";
}
