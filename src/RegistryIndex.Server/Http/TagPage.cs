using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using RegistryIndex.Sources;

namespace RegistryIndex.Server.Http;

/// <summary>A page of a list of tags.</summary>
/// <param name="Tags">The tags.</param>
/// <param name="Continuation">Where the next page starts; null when nothing follows.</param>
internal sealed record TagPage(IReadOnlyList<ListedTag> Tags, string? Continuation)
{
    public const int DefaultSize = 100;
    public const int MaxSize = 1_000;

    /// <summary>Whether the text is a continuation of such a list.</summary>
    public static bool IsContinuation(string text) => Decode(text) is not null;

    /// <summary>Reads a page of the list.</summary>
    /// <returns>The page; null when the continuation is none.</returns>
    public static TagPage? Read(IReadOnlyList<ListedTag> tags, int size, string? continuation)
    {
        var start = 0;
        if (continuation is not null)
        {
            if (Decode(continuation) is not { } position)
                return null;
            start = Start(tags, position.Last, position.Next);
        }

        var end = Math.Min(start + size, tags.Count);
        return new([.. tags.Take(start..end)], end < tags.Count && end > start ? Encode(tags[end - 1].Name, tags[end].Name) : null);
    }

    // After the tag that was the last of the page, or at the one that followed it, whichever is first: what was pushed between them is shown.
    // Where both are gone, nothing says how many of the tags before them are gone, too: rather all tags are shown again than one never.
    private static int Start(IReadOnlyList<ListedTag> tags, string last, string next)
    {
        var (afterLast, atNext) = (LastIndex(tags, last) + 1, LastIndex(tags, next));
        return afterLast > 0 && atNext >= 0 ? Math.Min(afterLast, atNext) : Math.Max(0, Math.Max(afterLast, atNext));
    }

    // A registry may list a tag twice: the last one counts, so that every page leads on.
    private static int LastIndex(IReadOnlyList<ListedTag> tags, string name)
    {
        var index = tags.Count - 1;
        while (index >= 0 && tags[index].Name != name)
            index--;
        return index;
    }

    // In UTF-16, as a registry may list names with half of a surrogate pair.
    private static string Encode(string last, string next) => Base64Url.EncodeToString(MemoryMarshal.AsBytes($"{last.Length} {last}{next}".AsSpan()));

    private static (string Last, string Next)? Decode(string continuation)
    {
        if (!Base64Url.IsValid(continuation))
            return null;
        var text = new string(MemoryMarshal.Cast<byte, char>(Base64Url.DecodeFromChars(continuation).AsSpan()));
        return text.Split(' ', 2) is [var length, var names] && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last <= names.Length
            ? (names[..last], names[last..])
            : null;
    }
}
