using System.Text.Json;

namespace RegistryIndex.Sources.Images;

/// <summary>The texts of annotations and labels, by OCI's names and by older ones; the first object with a text counts.</summary>
internal sealed class ImageTexts(IReadOnlyList<JsonElement?> objects)
{
    private const string Oci = "org.opencontainers.image.";
    private const string LabelSchema = "org.label-schema.";

    public bool IsDeprecated => Find("io.artifacthub.package.deprecated") == "true";

    public DateTimeOffset? CreatedAt => objects.Select(texts => ImageFacts.TimeIn(texts?.Find($"{Oci}created"))).FirstOrDefault(time => time is not null);

    /// <summary>Adds these texts to facts; a fact without a text here stays.</summary>
    public RepositoryFacts AddTo(RepositoryFacts facts) => facts with
    {
        Title = Find($"{Oci}title", $"{LabelSchema}name") ?? facts.Title,
        Vendor = Find($"{Oci}vendor", $"{LabelSchema}vendor") ?? facts.Vendor,
        Licenses = Find($"{Oci}licenses")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? facts.Licenses,
        Version = Find($"{Oci}version", $"{LabelSchema}version") ?? facts.Version,
        Revision = Find($"{Oci}revision", $"{LabelSchema}vcs-ref") ?? facts.Revision,
        Source = Find($"{Oci}source", $"{LabelSchema}vcs-url") ?? facts.Source,
        Url = Find($"{Oci}url", $"{LabelSchema}url") ?? facts.Url,
        Documentation = Find($"{Oci}documentation", $"{LabelSchema}usage") ?? facts.Documentation,
        BaseName = Find($"{Oci}base.name") ?? facts.BaseName,
    };

    private string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var texts in objects)
        {
            foreach (var name in names)
            {
                if (texts?.Find(name).AsText() is { } text && !string.IsNullOrWhiteSpace(text))
                    return text;
            }
        }

        return null;
    }
}
