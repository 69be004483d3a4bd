namespace RegistryIndex.Conformance;

/// <summary>How a run of the kit goes.</summary>
public sealed record ConformanceOptions
{
    /// <summary>What the random cases grow from. The same seed does the same; another tries other histories.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many random histories each random case tries. More find more and take longer.</summary>
    public int Histories { get; init; } = 8;

    /// <summary>Whether to skip the slow cases, which try large indexes: minutes on a store behind a network.</summary>
    public bool Quick { get; init; }

    /// <summary>After how long a case that has not ended is taken to hang, and fails; a slow case has six times as long.</summary>
    public TimeSpan CaseTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The only cases to run, by id, such as to repeat a failure; empty for all.</summary>
    public IReadOnlyCollection<string> Only { get; init; } = [];

    /// <summary>Cases that are not to run, by id, each with the reason, which the report shows.</summary>
    public IReadOnlyDictionary<string, string> Disabled { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Told of each case as it ends.</summary>
    public IProgress<CaseResult>? Progress { get; init; }
}
