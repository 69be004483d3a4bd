using System.Text.Json.Serialization;

namespace RegistryIndex.Synchronization;

/// <summary>
/// What all servers on an index know about its re-syncs. Runs are numbered, so that clocks need not be compared: a change from now on needs
/// a re-sync whose number is above <see cref="Begun"/>.
/// </summary>
/// <param name="Begun">The number of the last run that began.</param>
/// <param name="Completed">The highest number of a completed run.</param>
/// <param name="Needed">Work was left to a run with a higher number than this.</param>
/// <param name="Last">What the last completed run did.</param>
public sealed record SyncLog(long Begun, long Completed, long? Needed, SyncSummary? Last)
{
    /// <summary>What the last completed run, or a later load, could not read; null when everything could be read.</summary>
    public UnreadPlaces? Unread { get; init; }

    /// <summary>Whether work waits for a re-sync.</summary>
    [JsonIgnore]
    public bool IsNeeded => Needed >= Completed;

    /// <summary>
    /// Returns the log after a run is completed. A run that only adds leaves removals to another run, and records nothing about them.
    /// </summary>
    internal SyncLog After(long number, bool isAdditive, SyncSummary done, UnreadPlaces? unread) => this with
    {
        Unread = unread,
        Completed = Math.Max(Completed, number),
        Needed = Needed >= number ? Needed : isAdditive && Needed is not null ? number : null,
        Last = isAdditive ? done with { Withheld = Last?.Withheld ?? 0 } : done,
    };
}

/// <summary>The summary of a completed run.</summary>
/// <param name="Ended">When the run ended, by the clock of the server that ran it.</param>
/// <param name="Changes">How many repositories were added, updated and removed.</param>
/// <param name="Withheld">How many were kept because removing them would exceed the limit of a single run.</param>
public sealed record SyncSummary(DateTimeOffset Ended, long Changes, long Withheld);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SyncLog))]
internal sealed partial class SyncLogJson : JsonSerializerContext;
