namespace RegistryIndex.Migration;

/// <summary>How an index is mirrored.</summary>
public sealed record MirrorOptions
{
    /// <summary>Which part of the searches is compared with the secondary, 0 to 1; 0 unless set. What differs is logged and counted.</summary>
    public double ComparedShare { get; init; }

    /// <summary>Where the secondary is, for people, if that is known without asking it.</summary>
    public string? SecondaryLocation { get; init; }
}
