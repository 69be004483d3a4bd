using System.Text.Json;
using RegistryIndex.Sources.Images;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Events;

/// <summary>The outcome of an event.</summary>
internal enum EventOutcome
{
    /// <summary>The event concerns a repository, which is looked up.</summary>
    Noted,

    /// <summary>The event concerns a blob, a pull, or something unknown.</summary>
    Ignored,

    /// <summary>The event concerns a repository whose name breaks the grammar.</summary>
    NoSuchName,
}

/// <summary>The relevant content of an event.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Repository">The repository that the event concerns.</param>
/// <param name="Notice">What the event says about the repository.</param>
/// <param name="Pulled">What was pulled through a cache; null when nothing was.</param>
/// <param name="Push">The push of a tag; null when no tag was pushed.</param>
internal readonly record struct RegistryEvent(
    EventOutcome Outcome, string Repository = "", RepositoryNotice Notice = RepositoryNotice.Changed, PulledPart? Pulled = null, RepositoryPush? Push = null);

/// <summary>A manifest or blob that was pulled.</summary>
internal sealed record PulledPart(string? Tag, string Digest);

/// <summary>
/// Reads distribution's notifications (2.8 and 3.x have the same format). An unexpected single event is ignored: an error would make the
/// registry send it again and again, and hold back all later events.
/// </summary>
internal static class EventReader
{
    private const int MaxTag = 128; // OCI distribution-spec

    /// <param name="body">The notifications.</param>
    /// <param name="isOfCache">Whether the sender is a pull-through cache. Its pulls show what the cache holds, and its deletions only that
    /// it freed space.</param>
    /// <exception cref="FormatException">The body is not an envelope of events; the message is one sentence.</exception>
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
            throw new FormatException($"The body is not valid JSON from line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} on.", error);
        }
    }

    private static RegistryEvent ReadEvent(JsonElement element, bool isOfCache)
    {
        var target = Property(element, "target");
        var (action, name) = (Text(element, "action"), Text(target, "repository"));
        var pulled = isOfCache && action == "pull" && Text(target, "digest") is { } digest ? new PulledPart(Text(target, "tag"), digest) : null;
        if (action is null || name is null || (isOfCache && action == "delete") || (pulled is null ? NoticeOf(action, target) : RepositoryNotice.Pushed) is not { } hint)
            return new(EventOutcome.Ignored);
        var push = action == "push" && Text(target, "tag") is { Length: <= MaxTag } tag
            ? new RepositoryPush(tag, Digest.TryParse(Text(target, "digest"))?.ToString(), TagOrder.Counts(tag) ? Time(element, "timestamp") : null)
            : null;
        return RepositoryName.FindProblem(name) is null ? new(EventOutcome.Noted, name, hint, pulled, push) : new(EventOutcome.NoSuchName);
    }

    private static RepositoryNotice? NoticeOf(string action, JsonElement? target) => action switch
    {
        "push" or "mount" when IsOfManifest(target) => RepositoryNotice.Pushed,
        "delete" when Text(target, "tag") is null && Text(target, "digest") is null => RepositoryNotice.Deleted,
        "delete" => RepositoryNotice.Changed,
        _ => null,
    };

    // Pushes and mounts of a blob have its own media type, or application/octet-stream. The deletion of a blob looks like the deletion of a
    // manifest, and costs a look-up.
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

    private static DateTimeOffset? Time(JsonElement element, string name)
    {
        try
        {
            return Property(element, name) is { ValueKind: JsonValueKind.String } text && text.TryGetDateTimeOffset(out var time) ? time : null;
        }
        catch (InvalidOperationException)
        {
            return null; // the text has half of a surrogate pair; no time has that
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
            return null; // the text has half of a surrogate pair; no repository, tag or media type has that
        }
    }
}
