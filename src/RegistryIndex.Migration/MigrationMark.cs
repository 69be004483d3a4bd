using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Migration;

/// <summary>The position of a migration, which its target stores.</summary>
/// <param name="Source">The location of the source.</param>
/// <param name="Run">An id of the running process, new with every start.</param>
/// <param name="After">The name up to which everything is moved, in the source's own order; null at the beginning.</param>
/// <param name="Moved">The number of repositories moved.</param>
/// <param name="Refused">The number of these that the target has refused.</param>
/// <param name="IsDone">Whether the migration is complete.</param>
public sealed record MigrationPosition(string Source, string Run, string? After, long Moved, long Refused, bool IsDone)
{
    internal string ToText() => JsonSerializer.Serialize(this, MigrationJson.Readable.MigrationPosition);
}

/// <summary>
/// The mark of a migration in its target. Each start takes the mark over without waiting, so that a killed migration continues at
/// once. A migration that is still running notices this at its next step and stops. Two at once would only do the same work twice.
/// </summary>
public sealed class MigrationMark
{
    /// <summary>The name of the mark.</summary>
    public const string Name = "migration";

    // Each update of the mark is a commit that waits for the disk. After a kill, a migration repeats at most the work of this interval.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IRegistryIndex _target;
    private readonly TimeProvider _time;
    private string? _text;
    private long _written;

    private MigrationMark(IRegistryIndex target, string? text, MigrationPosition position, TimeProvider time) => (_target, _text, Position, _time) = (target, text, position, time);

    /// <summary>The start position: that of an interrupted migration from the same source, or the beginning.</summary>
    public MigrationPosition Position { get; }

    /// <summary>Whether an earlier migration from the same source is incomplete.</summary>
    public bool IsResumed { get; private init; }

    /// <summary>Reads the position of an interrupted migration from the given source; null if there is none to continue.</summary>
    /// <param name="target">The target.</param>
    /// <param name="source">The location of the source.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<MigrationPosition?> FindBegunAsync(IRegistryIndex target, string source, CancellationToken cancellationToken) =>
        FindBegun(target, await target.ReadMarkAsync(Name, cancellationToken), source);

    /// <summary>Takes the mark over, before anything is moved. From then on the target belongs to this migration.</summary>
    /// <param name="target">The target.</param>
    /// <param name="source">The location of the source.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RegistryIndexException">The target failed, or another migration has taken the mark at the same moment.</exception>
    public static async Task<MigrationMark> TakeAsync(IRegistryIndex target, string source, TimeProvider time, CancellationToken cancellationToken)
    {
        var text = await target.ReadMarkAsync(Name, cancellationToken);
        var begun = FindBegun(target, text, source);
        var position = begun ?? new(source, "", After: null, Moved: 0, Refused: 0, IsDone: false);
        var mark = new MigrationMark(target, text, position with { Run = Guid.NewGuid().ToString("n") }, time) { IsResumed = begun is not null };
        await mark.WriteAsync(mark.Position, cancellationToken);
        return mark;
    }

    /// <summary>Stores an intermediate position, at most once a second.</summary>
    internal Task RememberAsync(MigrationPosition position, CancellationToken cancellationToken) =>
        _time.GetElapsedTime(_written) < Interval ? Task.CompletedTask : WriteAsync(position, cancellationToken);

    /// <summary>Stores a position.</summary>
    /// <exception cref="RegistryIndexException">Another migration has taken over the mark, or the target failed.</exception>
    internal async Task WriteAsync(MigrationPosition position, CancellationToken cancellationToken)
    {
        var text = position.ToText();
        if (!await _target.TryReplaceMarkAsync(Name, _text, text, cancellationToken))
            throw new RegistryIndexException(_target.Provider, "migrate", "another migration into the same target has taken over; let it finish.", mayRetry: false);
        (_text, _written) = (text, _time.GetTimestamp());
    }

    /// <summary>Stores a position, if that is possible within a time limit.</summary>
    internal async Task TryWriteAsync(MigrationPosition position, TimeSpan within)
    {
        using var soon = new CancellationTokenSource(within, _time);
        try
        {
            await WriteAsync(position, soon.Token);
        }
        catch (Exception error) when (error is RegistryIndexException or OperationCanceledException)
        {
            // The position stored before is still valid.
        }
    }

    private static MigrationPosition? FindBegun(IRegistryIndex target, string? text, string source)
    {
        try
        {
            var position = text is null ? null : JsonSerializer.Deserialize(text, MigrationJson.Readable.MigrationPosition);
            return position is { IsDone: false } && position.Source == source ? position : null;
        }
        catch (JsonException error)
        {
            throw new RegistryIndexException(target.Provider, "migrate", $"the mark '{Name}' of the target was not written by this version: {text}", mayRetry: false, error);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MigrationPosition))]
internal sealed partial class MigrationJson : JsonSerializerContext
{
    // A name may have 2,048 bytes, and a mark 4,096 characters.
    public static MigrationJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
