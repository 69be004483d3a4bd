using System.Text.Json;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Events;

/// <summary>What became of an event.</summary>
internal enum EventOutcome
{
    /// <summary>It hints at a repository.</summary>
    Noted,

    /// <summary>It is about a blob, a pull, or something that is not known.</summary>
    Ignored,

    /// <summary>It is about a repository whose name breaks the grammar.</summary>
    NoSuchName,
}

/// <summary>An event as far as it matters here.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Repository">Whose it is.</param>
/// <param name="Hint">What it hints at.</param>
/// <param name="Pulled">What was pulled through a cache; null where nothing was.</param>
internal readonly record struct RegistryEvent(EventOutcome Outcome, string Repository = "", RepositoryHint Hint = RepositoryHint.Changed, PulledPart? Pulled = null);

/// <summary>A manifest or blob that was pulled.</summary>
internal sealed record PulledPart(string? Tag, string Digest);

/// <summary>
/// Reads distribution's notifications (2.8 and 3.x have one form). Whatever is strange in a single event is ignored: an error
/// would make the registry send it again and again, and hold all later ones back.
/// </summary>
internal static class EventReader
{
    /// <param name="body">The notifications.</param>
    /// <param name="isOfCache">Whether they are a pull-through cache's. There a pull says what the cache has now, and a deletion only that it made room.</param>
    /// <exception cref="FormatException">The body is no envelope of events; the message is one sentence.</exception>
    public static IReadOnlyList<RegistryEvent> Read(ReadOnlyMemory<byte> body, bool isOfCache = false)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (Property(document.RootElement, "events") is not { ValueKind: JsonValueKind.Array } events)
                throw new FormatException("The body has no list 'events': send the notifications of distribution here.");
            return [.. events.EnumerateArray().Select(element => ReadEvent(element, isOfCache))];
        }
        catch (JsonException error)
        {
            throw new FormatException($"The body is no JSON from line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} on.", error);
        }
    }

    private static RegistryEvent ReadEvent(JsonElement element, bool isOfCache)
    {
        var target = Property(element, "target");
        var (action, name) = (Text(element, "action"), Text(target, "repository"));
        var pulled = isOfCache && action == "pull" && Text(target, "digest") is { } digest ? new PulledPart(Text(target, "tag"), digest) : null;
        if (action is null || name is null || (isOfCache && action == "delete") || (pulled is null ? HintOf(action, target) : RepositoryHint.Pushed) is not { } hint)
            return new(EventOutcome.Ignored);
        return RepositoryName.FindProblem(name) is null ? new(EventOutcome.Noted, name, hint, pulled) : new(EventOutcome.NoSuchName);
    }

    private static RepositoryHint? HintOf(string action, JsonElement? target) => action switch
    {
        "push" or "mount" when IsOfManifest(target) => RepositoryHint.Pushed,
        "delete" when Text(target, "tag") is null && Text(target, "digest") is null => RepositoryHint.Deleted,
        "delete" => RepositoryHint.Changed,
        _ => null,
    };

    // A blob is pushed and mounted with its own media type, or application/octet-stream. The deletion of a blob cannot be told from
    // that of a manifest, which costs a look-up.
    private static bool IsOfManifest(JsonElement? target) =>
        Text(target, "mediaType") is { } type && (type.Contains(".manifest.", StringComparison.Ordinal) || type.Contains(".image.index.", StringComparison.Ordinal))
        || Text(target, "tag") is not null;

    private static JsonElement? Property(JsonElement? element, string name)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            return null; // a property's name has half of a surrogate pair
        }
    }

    private static string? Text(JsonElement? element, string name)
    {
        try
        {
            return Property(element, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } value ? value : null;
        }
        catch (InvalidOperationException)
        {
            return null; // so has the text; no repository, tag or media type is written so
        }
    }
}
