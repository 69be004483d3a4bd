using System.Buffers.Text;
using System.Globalization;
using System.Text;
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
            start = StartAfter(tags, position);
        }

        var page = tags.Skip(start).Take(size).ToList();
        return new(page, start + page.Count < tags.Count && page.Count > 0 ? Encode(start + page.Count, page[^1].Name) : null);
    }

    // After the tag that was the last; where that is gone, at its place.
    private static int StartAfter(IReadOnlyList<ListedTag> tags, (int Place, string Tag) position)
    {
        for (var i = 0; i < tags.Count; i++)
        {
            if (tags[i].Name == position.Tag)
                return i + 1;
        }

        return position.Place;
    }

    private static string Encode(int place, string tag) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{place} {tag}"));

    private static (int Place, string Tag)? Decode(string continuation) =>
        Base64Url.IsValid(continuation) && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(continuation)).Split(' ', 2) is [var place, var tag]
        && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, tag)
            : null;
}
