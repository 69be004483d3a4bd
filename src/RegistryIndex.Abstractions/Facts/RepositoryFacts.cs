using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex;

/// <summary>The facts that a registry provides about the representative tag of a repository (contract 8).</summary>
/// <remarks>
/// A value: two instances are equal when all their fields are equal; lists compare item by item, in order. An unknown field is null or false. The
/// JSON form uses the field names of contract 8.1 and omits unknown fields, in every serializer context. A <see cref="Repository"/> brings its
/// facts within the bounds of contract 8.3 and 8.4. Immutable and therefore thread-safe.
/// </remarks>
public sealed record RepositoryFacts
{
    /// <summary>The maximum size of facts as JSON, in bytes of UTF-8.</summary>
    public const int MaxJsonBytes = 3_072;

    // A record compares its fields. This type makes lists compare by their items.
    private readonly TextList _platforms;
    private readonly TextList _licenses;
    private readonly TextList _otherImages;

    /// <summary>The representative tag, which these facts describe.</summary>
    [JsonPropertyName("tag"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tag { get; init; }

    /// <summary>
    /// The tag whose image provides the repository's description, if it is not <see cref="Tag"/>: then the image of that tag has no description.
    /// </summary>
    [JsonPropertyName("description_tag"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DescriptionTag { get; init; }

    /// <summary>The number of tags of the repository. Tags of signatures and similar attachments are not counted.</summary>
    [JsonPropertyName("tag_count"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TagCount { get; init; }

    /// <summary>The digest of the tag's manifest or index, such as <c>sha256:…</c>.</summary>
    [JsonPropertyName("digest"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Digest { get; init; }

    /// <summary>The media type of that manifest or index.</summary>
    [JsonPropertyName("media_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MediaType { get; init; }

    /// <summary>The manifest's artifact type; if it has none, the media type of its config.</summary>
    [JsonPropertyName("artifact_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ArtifactType { get; init; }

    /// <summary>The kind of artifact.</summary>
    [JsonPropertyName("kind"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ArtifactKind? Kind { get; init; }

    /// <summary>
    /// The platforms that the image supports, such as <c>linux/arm64</c> and <c>linux/arm/v7</c>, at most 20; null if none is known. The list is
    /// copied.
    /// </summary>
    [JsonPropertyName("platforms"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Platforms { get => _platforms.Texts; init => _platforms = new(value); }

    /// <summary>The compressed size of the image for <see cref="SizePlatform"/>, including its config, in bytes.</summary>
    [JsonPropertyName("size"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Size { get; init; }

    /// <summary>The platform of the image that has this <see cref="Size"/>; null if the image does not name one.</summary>
    [JsonPropertyName("size_platform"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SizePlatform { get; init; }

    /// <summary>The creation time that the image itself states.</summary>
    [JsonPropertyName("created_at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>
    /// The time of the last push of any tag of the repository. A write never replaces a later time, and null keeps the stored time (contract 8.7).
    /// </summary>
    [JsonPropertyName("pushed_at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? PushedAt { get; init; }

    /// <summary>Whether a signature exists. The signature is not verified.</summary>
    [JsonPropertyName("is_signed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSigned { get; init; }

    /// <summary>Whether the publisher has marked it as deprecated.</summary>
    [JsonPropertyName("is_deprecated"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDeprecated { get; init; }

    /// <summary>The title.</summary>
    [JsonPropertyName("title"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    /// <summary>The distributor.</summary>
    [JsonPropertyName("vendor"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Vendor { get; init; }

    /// <summary>The licences, at most 10; null if none is known. The list is copied.</summary>
    [JsonPropertyName("licenses"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Licenses { get => _licenses.Texts; init => _licenses = new(value); }

    /// <summary>The version of the packaged software.</summary>
    [JsonPropertyName("version"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Version { get; init; }

    /// <summary>The revision of the source code, such as a commit.</summary>
    [JsonPropertyName("revision"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Revision { get; init; }

    /// <summary>The address of the source code, as the image states it. It is not checked to be a URL.</summary>
    [JsonPropertyName("source"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>The address of more information, as the image states it. It is not checked to be a URL.</summary>
    [JsonPropertyName("url"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>The address of the documentation, as the image states it. It is not checked to be a URL.</summary>
    [JsonPropertyName("documentation"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Documentation { get; init; }

    /// <summary>The reference of the base image.</summary>
    [JsonPropertyName("base_name"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BaseName { get; init; }

    /// <summary>
    /// What else these facts and the description were read from, as <c>tag@digest</c>, at most 4: the images of other tags, and the index that
    /// lists the image's attachments. A source need not read it again while it is the same. Null if there is nothing else. The list is copied.
    /// </summary>
    [JsonPropertyName("other_images"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? OtherImages { get => _otherImages.Texts; init => _otherImages = new(value); }

    /// <summary>Reads the output of <see cref="ToJson"/>. Fields that this version does not know are ignored.</summary>
    /// <param name="json">A JSON object.</param>
    /// <exception cref="JsonException">The text is not a JSON object, or a field has a value of the wrong type.</exception>
    public static RepositoryFacts FromJson(string json) =>
        JsonSerializer.Deserialize(json, FactsJson.Default.RepositoryFacts) ?? throw new JsonException("The facts are null; an object was expected.");

    /// <summary>Returns the facts as a JSON object on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, FactsJson.Writer.RepositoryFacts);

    /// <summary>Returns the facts as JSON.</summary>
    public override string ToString() => ToJson();

    /// <summary>
    /// Returns what is stored when these facts replace others (contract 8.7): these facts, except that <see cref="PushedAt"/> never moves back.
    /// </summary>
    internal RepositoryFacts WriteOver(RepositoryFacts? stored) =>
        stored?.PushedAt is { } known && !(PushedAt >= known) ? this with { PushedAt = known } : this;
}
