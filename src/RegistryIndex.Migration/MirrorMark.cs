using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Migration;

/// <summary>
/// The mark by which an index says that mirrors write to it. A mirror sets it before its first write. So a process that has written
/// and then finds no mark knows that every write of a mirror comes later. The mark is set once and stays, because an index cannot know which
/// mirror is the last.
/// </summary>
/// <param name="Since">The time of the first mirror's start.</param>
/// <param name="Origin">The <see cref="OriginMark"/> of that mirror's primary, if the index was empty before.</param>
public sealed record MirrorMark(string Since, string? Origin)
{
    /// <summary>The name of the mark.</summary>
    public const string Name = "mirror";

    /// <summary>Whether mirrors write to an index, or have written to it.</summary>
    /// <param name="index">The index.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<bool> IsSetAsync(IRegistryIndex index, CancellationToken cancellationToken) => await ReadAsync(index, cancellationToken) is not null;

    /// <summary>Sets the mark if it is not set. A mirror calls this before its first write.</summary>
    internal static async Task SetAsync(IRegistryIndex primary, IRegistryIndex secondary, TimeProvider time, CancellationToken cancellationToken)
    {
        var origin = await OriginMark.EnsureAsync(primary, cancellationToken);
        if (!await IsSetAsync(secondary, cancellationToken))
        {
            var isEmpty = !await secondary.ListAsync(null, 1, cancellationToken).AnyAsync(cancellationToken);
            var mark = new MirrorMark(time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), isEmpty ? origin : null);
            await secondary.TryReplaceMarkAsync(Name, null, JsonSerializer.Serialize(mark, MirrorMarkJson.Default.MirrorMark), cancellationToken);
        }

        await NoteWriterAsync(secondary, origin, cancellationToken);
    }

    /// <summary>Whether everything in an index comes from the given other index, through its mirrors and its migrations.</summary>
    /// <param name="index">The index.</param>
    /// <param name="of">The other index.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<bool> IsCopyAsync(IRegistryIndex index, IRegistryIndex of, CancellationToken cancellationToken) =>
        await OriginMark.ReadAsync(of, cancellationToken) is { } origin
        && (await ReadAsync(index, cancellationToken))?.Origin == origin
        && await OriginMark.ReadAsync(index, cancellationToken) is null;

    /// <summary>
    /// Records the origin of a writer before it writes to an index. If the index is a copy of another origin, it stops being a copy.
    /// </summary>
    /// <param name="index">The index to be written.</param>
    /// <param name="origin">The origin of the data; null if it has none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task NoteWriterAsync(IRegistryIndex index, string? origin, CancellationToken cancellationToken)
    {
        if (origin is null || (await ReadAsync(index, cancellationToken))?.Origin != origin)
            await OriginMark.EnsureAsync(index, cancellationToken);
    }

    // The first release stored only the time.
    private static async Task<MirrorMark?> ReadAsync(IRegistryIndex index, CancellationToken cancellationToken)
    {
        var text = await index.ReadMarkAsync(Name, cancellationToken);
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, MirrorMarkJson.Default.MirrorMark);
        }
        catch (JsonException)
        {
            return new(text!, null);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MirrorMark))]
internal sealed partial class MirrorMarkJson : JsonSerializerContext;
