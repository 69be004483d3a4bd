namespace RegistryIndex.Conformance;

/// <summary>The options of a run of the kit.</summary>
public sealed record ConformanceOptions
{
    /// <summary>The seed of the random cases. The same seed repeats the same histories; another seed tries others.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The number of random histories that each random case tries. More histories find more and take longer.</summary>
    public int Histories { get; init; } = 8;

    /// <summary>Whether to skip the slow cases, which test large indexes and take minutes on a store behind a network.</summary>
    public bool Quick { get; init; }

    /// <summary>The time after which a running case counts as hanging and fails. A slow case has six times as long.</summary>
    public TimeSpan CaseTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The ids of the only cases to run, for example to repeat a failure; empty for all.</summary>
    public IReadOnlyCollection<string> Only { get; init; } = [];

    /// <summary>The cases not to run: the id of each and the reason, which the report shows.</summary>
    public IReadOnlyDictionary<string, string> Disabled { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Receives the result of each case when it ends.</summary>
    public IProgress<CaseResult>? Progress { get; init; }
}
