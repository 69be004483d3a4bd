using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Server.Transfer;

/// <summary>
/// Repositories as lines of text: JSON Lines <c>{"name": "…", "description": "…"}</c>, or TSV
/// <c>name&lt;TAB&gt;description</c> with <c>\t</c>, <c>\n</c>, <c>\r</c> and <c>\\</c> for these characters. A name
/// never starts with a brace, so each line says itself which it is.
/// </summary>
internal static class RowFormat
{
    public static string ToJson(Repository repository) =>
        JsonSerializer.Serialize(new Row(repository.Name, repository.Description), RowJson.Readable.Row);

    public static string ToTsv(Repository repository) =>
        repository.Description is null ? Escape(repository.Name) : $"{Escape(repository.Name)}\t{Escape(repository.Description)}";

    /// <exception cref="FormatException">The line is not a repository; the message is the rest of a sentence.</exception>
    public static Repository Parse(string line)
    {
        if (!line.StartsWith('{'))
        {
            return line.Split('\t') switch
            {
                [var name] => Ingest(Unescape(name), null),
                [var name, var description] => Ingest(Unescape(name), Unescape(description)),
                { Length: var columns } => throw new FormatException($"it has {columns} columns, and only name and description are known (a tab within a description is written \\t)"),
            };
        }

        try
        {
            return JsonSerializer.Deserialize(line, RowJson.Default.Row) is { Name: { } name } row
                ? Ingest(name, row.Description)
                : throw new FormatException("it has no \"name\"");
        }
        catch (JsonException error)
        {
            throw new FormatException($"it is no JSON object with \"name\" and \"description\" ({error.Message})", error);
        }
    }

    private static Repository Ingest(string name, string? description) => new(name, RepositoryDescription.FromIngest(description));

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
internal sealed record Row(string? Name, string? Description);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Row))]
internal sealed partial class RowJson : JsonSerializerContext
{
    /// <summary>Writes letters as themselves: the lines go into files, never into a web page.</summary>
    public static RowJson Readable { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
