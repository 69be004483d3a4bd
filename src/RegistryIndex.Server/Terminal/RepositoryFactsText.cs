using System.Globalization;
using RegistryIndex.Server.Output;
using RegistryIndex.Sources;

namespace RegistryIndex.Server.Terminal;

/// <summary>Writes one repository for a person: a line for each known fact.</summary>
internal static class RepositoryFactsText
{
    private const int Column = 15;

    public static void Write(TextWriter writer, Repository repository, IReadOnlyList<ListedTag>? tags, IReadOnlyList<string> pull)
    {
        foreach (var (label, value) in Lines(repository).Append(("tags", tags is null ? null : string.Join(", ", tags.Select(tag => tag.Name)))).Concat(pull.Select((command, i) => (i == 0 ? "pull" : "", (string?)command))))
        {
            if (!string.IsNullOrEmpty(value))
                writer.WriteLine($"{label.PadRight(Column)}{HarmlessText.Of(value)}");
        }
    }

    private static IEnumerable<(string Label, string? Value)> Lines(Repository repository)
    {
        yield return ("name", repository.Name);
        yield return ("description", repository.Description);
        if (repository.Facts is not { } facts)
            yield break;
        yield return ("kind", facts.Kind?.ToString().ToLowerInvariant());
        yield return ("deprecated", facts.IsDeprecated ? "yes" : null);
        yield return ("signed", facts.IsSigned ? "yes" : null);
        yield return ("tag", facts.TagCount is { } count ? $"{facts.Tag} (of {count})" : facts.Tag);
        yield return ("digest", facts.Digest);
        yield return ("media type", facts.MediaType);
        yield return ("artifact type", facts.ArtifactType);
        yield return ("pushed", Shown(facts.PushedAt));
        yield return ("created", Shown(facts.CreatedAt));
        yield return ("platforms", facts.Platforms is null ? null : string.Join(", ", facts.Platforms));
        yield return ("size", facts.Size is { } size ? string.Create(CultureInfo.InvariantCulture, $"{size:n0} bytes{(facts.SizePlatform is null ? "" : $" for {facts.SizePlatform}")}") : null);
        yield return ("title", facts.Title);
        yield return ("vendor", facts.Vendor);
        yield return ("licenses", facts.Licenses is null ? null : string.Join(", ", facts.Licenses));
        yield return ("version", facts.Version);
        yield return ("revision", facts.Revision);
        yield return ("source", facts.Source);
        yield return ("url", facts.Url);
        yield return ("documentation", facts.Documentation);
        yield return ("base", facts.BaseName);
    }

    private static string? Shown(DateTimeOffset? time) => time?.ToString("u", CultureInfo.InvariantCulture);
}
