using System.Text.Json.Serialization;

namespace RegistryIndex.Synchronization;

/// <summary>
/// What is known of the re-syncs of an index, by all servers on it. Runs are numbered, so that no clocks are compared: what
/// needs a re-sync from now on needs one whose number is above <see cref="Begun"/>.
/// </summary>
/// <param name="Begun">The number of the last run that was begun.</param>
/// <param name="Completed">The highest number that was completed.</param>
/// <param name="Needed">Something was left to a run of a higher number than this.</param>
/// <param name="Last">What the last completed run did.</param>
public sealed record SyncLog(long Begun, long Completed, long? Needed, SyncSummary? Last)
{
    /// <summary>What the last completed run, or a load since, could not read; null when it could read all.</summary>
    public UnreadPlaces? Unread { get; init; }

    /// <summary>Whether something waits for a re-sync.</summary>
    [JsonIgnore]
    public bool IsNeeded => Needed >= Completed;

    /// <summary>The log when a run is completed. One that only adds leaves what may be gone to another, and says nothing of it.</summary>
    internal SyncLog After(long number, bool isAdditive, SyncSummary done, UnreadPlaces? unread) => this with
    {
        Unread = unread,
        Completed = Math.Max(Completed, number),
        Needed = Needed >= number ? Needed : isAdditive && Needed is not null ? number : null,
        Last = isAdditive ? done with { Withheld = Last?.Withheld ?? 0 } : done,
    };
}

/// <summary>A completed run in short.</summary>
/// <param name="Ended">When, by the clock of the server that ran it.</param>
/// <param name="Changes">How many repositories were added, updated and removed.</param>
/// <param name="Withheld">How many were not removed because they are too many at once.</param>
public sealed record SyncSummary(DateTimeOffset Ended, long Changes, long Withheld);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SyncLog))]
internal sealed partial class SyncLogJson : JsonSerializerContext;
