using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace RegistryIndex.Sources.Images;

/// <summary>Reads JSON from untrusted sources.</summary>
internal static class Json
{
    /// <exception cref="UnreadableImageException">The content is not a JSON object.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> content, string what)
    {
        if (!Utf8.IsValid(content.Span)) // the parser itself fails only when a string is read
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
            throw new UnreadableImageException($"{what} is not valid JSON from line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} on");
        }
    }

    /// <summary>Follows property names; null when a name on the way is missing or its value is not an object.</summary>
    /// <exception cref="UnreadableImageException">A name on the way is not valid text and cannot be compared.</exception>
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

    /// <summary>Returns the text of a string; null for any other value.</summary>
    /// <remarks>
    /// GetString rejects <c>"\ud83d"</c>, half of an emoji. It is legal JSON and becomes U+FFFD on ingest. Regular expressions have the
    /// same escapes as JSON.
    /// </remarks>
    public static string? AsText(this JsonElement? element) => element is { ValueKind: JsonValueKind.String } text
        ? Regex.Unescape(text.GetRawText()[1..^1])
        : null;
}
