using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Migration;

/// <summary>What the target remembers of the migration that fills it.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Run">Which process is at it, new with every start.</param>
/// <param name="After">The name up to which all is moved, in the source's own order; null at the beginning.</param>
/// <param name="Moved">How many repositories that is.</param>
/// <param name="Refused">How many of these the target has refused.</param>
/// <param name="IsDone">Whether it has come to its end.</param>
public sealed record MigrationPosition(string Source, string Run, string? After, long Moved, long Refused, bool IsDone)
{
    internal string ToText() => JsonSerializer.Serialize(this, MigrationJson.Readable.MigrationPosition);
}

/// <summary>
/// The mark of a migration in its target. Each start takes it over without waiting, so that one that was killed goes on at
/// once; one that was not sees it at its next step, and stops. Two at once would do no harm, only twice the work.
/// </summary>
public sealed class MigrationMark
{
    /// <summary>The name of the mark.</summary>
    public const string Name = "migration";

    // Each mark is a commit that waits for the disk, and what a kill makes a migration do again is no more than it did in this time.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IRegistryIndex _target;
    private readonly TimeProvider _time;
    private string? _text;
    private long _written;

    private MigrationMark(IRegistryIndex target, string? text, MigrationPosition position, TimeProvider time) => (_target, _text, Position, _time) = (target, text, position, time);

    /// <summary>Where the migration begins: where an interrupted one from the same source was, or at the beginning.</summary>
    public MigrationPosition Position { get; }

    /// <summary>Whether an earlier migration from the same source has not come to its end.</summary>
    public bool IsResumed { get; private init; }

    /// <summary>Where an interrupted migration from that source was; null where there is none to go on with.</summary>
    /// <param name="target">The target.</param>
    /// <param name="source">Where the source is.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<MigrationPosition?> FindBegunAsync(IRegistryIndex target, string source, CancellationToken cancellationToken) =>
        FindBegun(target, await target.ReadMarkAsync(Name, cancellationToken), source);

    /// <summary>Takes the mark over, before anything is moved: what is in the target from now on is this migration's.</summary>
    /// <param name="target">The target.</param>
    /// <param name="source">Where the source is.</param>
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

    /// <summary>Remembers a position on the way, once a second at most.</summary>
    internal Task RememberAsync(MigrationPosition position, CancellationToken cancellationToken) =>
        _time.GetElapsedTime(_written) < Interval ? Task.CompletedTask : WriteAsync(position, cancellationToken);

    /// <summary>Remembers a position.</summary>
    /// <exception cref="RegistryIndexException">Another migration has taken the mark over, or the target failed.</exception>
    internal async Task WriteAsync(MigrationPosition position, CancellationToken cancellationToken)
    {
        var text = position.ToText();
        if (!await _target.TryReplaceMarkAsync(Name, _text, text, cancellationToken))
            throw new RegistryIndexException(_target.Provider, "migrate", "another migration into the same target has taken over; let that one finish.", mayRetry: false);
        (_text, _written) = (text, _time.GetTimestamp());
    }

    /// <summary>Remembers a position, if that can be done soon.</summary>
    internal async Task TryWriteAsync(MigrationPosition position, TimeSpan within)
    {
        using var soon = new CancellationTokenSource(within, _time);
        try
        {
            await WriteAsync(position, soon.Token);
        }
        catch (Exception error) when (error is RegistryIndexException or OperationCanceledException)
        {
            // What was remembered before is true as well.
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
            throw new RegistryIndexException(target.Provider, "migrate", $"the mark '{Name}' of the target is not one that this version writes: {text}", mayRetry: false, error);
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
