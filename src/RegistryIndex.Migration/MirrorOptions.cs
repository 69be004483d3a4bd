namespace RegistryIndex.Migration;

/// <summary>The options of a mirror.</summary>
public sealed record MirrorOptions
{
    /// <summary>The share of searches to compare with the secondary, from 0 to 1; the default is 0. Differences are logged and counted.</summary>
    public double ComparedShare { get; init; }

    /// <summary>The location of the secondary, for operators, if it is known without asking the secondary.</summary>
    public string? SecondaryLocation { get; init; }
}
