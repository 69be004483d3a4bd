using System.Text.Json.Serialization;

namespace RegistryIndex.Registry.Answers;

internal sealed record CatalogPage(string?[]? Repositories) : IPage
{
    [JsonIgnore]
    public IReadOnlyList<string?> Names => Repositories ?? [];

    public string? FindProblem() => Repositories is null || Repositories.Contains(null) ? "without repositories" : null;
}

/// <summary>A page of tags. The tags are null for a repository without tags.</summary>
internal sealed record TagPage(string? Name, string?[]? Tags) : IPage
{
    [JsonIgnore]
    public IReadOnlyList<string?> Names => Tags ?? [];

    public string? FindProblem() => Name is null ? "without the repository's name" : Tags?.Contains(null) == true ? "of which some have no name" : null;
}

internal sealed record ErrorList(RegistryError[]? Errors);

internal sealed record RegistryError(string? Code);

/// <summary>The answer of a token server. Servers differ in which of the two names they use, and in how they write the seconds.</summary>
internal sealed record TokenAnswer(
    string? Token,
    [property: JsonPropertyName("access_token")] string? AccessToken,
    [property: JsonPropertyName("expires_in"), JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] double? ExpiresIn);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = false, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(TextConverter)])]
[JsonSerializable(typeof(CatalogPage))]
[JsonSerializable(typeof(TagPage))]
[JsonSerializable(typeof(ErrorList))]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class AnswersJson : JsonSerializerContext;
