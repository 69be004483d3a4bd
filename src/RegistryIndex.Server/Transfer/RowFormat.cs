using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Server.Transfer;

/// <summary>
/// Repositories as lines of text: JSON Lines <c>{"name": "…", "description": "…", "facts": {…}}</c>, or TSV
/// <c>name&lt;TAB&gt;description</c>, without facts, with <c>\t</c>, <c>\n</c>, <c>\r</c> and <c>\\</c> for these characters. A name never
/// starts with a brace, so each line shows its own format.
/// </summary>
internal static class RowFormat
{
    public static string ToJson(Repository repository) =>
        JsonSerializer.Serialize(new Row(repository.Name, repository.Description, repository.Facts), RowJson.Readable.Row);

    public static string ToTsv(Repository repository) =>
        repository.Description is null ? Escape(repository.Name) + (IsJsonLiteral(repository.Name) ? "\t" : "") : $"{Escape(repository.Name)}\t{Escape(repository.Description)}";

    /// <exception cref="FormatException">The line is not a repository; the message is the rest of a sentence.</exception>
    public static Repository Parse(string line)
    {
        if (!line.StartsWith('{'))
        {
            return line.Split('\t') switch
            {
                [var name] when IsJsonLiteral(name) => throw new FormatException($"it is '{name}', which is JSON but not a repository; a repository with this name needs a tab after it, or is written {{\"name\":\"{name}\"}}"),
                [var name] => Ingest(Unescape(name), null),
                [var name, var description] => Ingest(Unescape(name), Unescape(description)),
                { Length: var columns } => throw new FormatException($"it has {columns} columns, and only name and description are known (a tab within a description is written \\t)"),
            };
        }

        try
        {
            return JsonSerializer.Deserialize(line, RowJson.Default.Row) is { Name: { } name } row
                ? Ingest(name, row.Description, row.Facts)
                : throw new FormatException("it has no \"name\"");
        }
        catch (JsonException error)
        {
            throw new FormatException(error.InnerException is JsonException
                ? $"it is not valid JSON from its byte {error.BytePositionInLine + 1} on"
                : error.Path?.StartsWith("$.facts", StringComparison.Ordinal) == true
                    ? $"its \"facts\" are not valid at {error.Path}"
                    : "its \"name\" or \"description\" is not a text", error);
        }
    }

    // Some programs write this when there is no value.
    private static bool IsJsonLiteral(string name) => name is "null" or "true" or "false";

    private static Repository Ingest(string name, string? description, RepositoryFacts? facts = null) => new(name, RepositoryDescription.FromIngest(description), facts);

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var escaped = text[i] != '\\' || i + 1 == text.Length ? '\0' : text[i + 1] switch
            {
                '\\' => '\\',
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                _ => '\0',
            };
            result.Append(escaped == '\0' ? text[i] : escaped);
            i += escaped == '\0' ? 0 : 1;
        }

        return result.ToString();
    }
}

/// <summary>A line of JSON Lines.</summary>
internal sealed record Row(string? Name, string? Description, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RepositoryFacts? Facts = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Row))]
internal sealed partial class RowJson : JsonSerializerContext
{
    /// <summary>Writes letters unescaped: the lines are for files, never for a web page.</summary>
    public static RowJson Readable { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
