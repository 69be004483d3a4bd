using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace RegistryIndex.Sources.Images;

/// <summary>JSON that anybody may have pushed.</summary>
internal static class Json
{
    /// <exception cref="UnreadableImageException">It is no JSON object.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> content, string what)
    {
        if (!Utf8.IsValid(content.Span)) // the parser itself would only fail where a string is looked at
            throw new UnreadableImageException($"{what} is not UTF-8 text");
        try
        {
            var document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            throw new UnreadableImageException($"{what} is not a JSON object");
        }
        catch (JsonException error)
        {
            throw new UnreadableImageException($"{what} is not JSON from line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} on");
        }
    }

    /// <summary>Goes down by property names; null when something on the way is missing or no object.</summary>
    /// <exception cref="UnreadableImageException">A name on the way is no text, so that it cannot be compared.</exception>
    public static JsonElement? Find(this JsonElement element, params ReadOnlySpan<string> names)
    {
        try
        {
            foreach (var name in names)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                    return null;
            }

            return element;
        }
        catch (InvalidOperationException) // half of a surrogate pair in a name, which the parser lets pass
        {
            throw new UnreadableImageException("it has a property name that is not text");
        }
    }

    /// <summary>The text of a string, null for anything else.</summary>
    /// <remarks>
    /// GetString refuses <c>"\ud83d"</c>, half of an emoji, which is legal JSON and on ingest becomes U+FFFD. The escapes of
    /// JSON mean the same in regular expressions.
    /// </remarks>
    public static string? AsText(this JsonElement? element) => element is { ValueKind: JsonValueKind.String } text
        ? Regex.Unescape(text.GetRawText()[1..^1])
        : null;
}
