using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Server.Web;

/// <summary>The web pages and where they are.</summary>
internal sealed class WebOptions : IValidatableObject
{
    private const int MaxTitle = 100;
    private static readonly string[] OwnPaths = ["ui", "api", "v1", "v2", "_ping", "events", "healthz", "livez", "readyz", "metrics"];

    /// <summary><c>ui</c>: whether the server has web pages.</summary>
    [ConfigurationKeyName("ui")]
    public bool IsOn { get; set; } = true;

    /// <summary><c>ui_title</c>: the name of the site, at the top of each page.</summary>
    [ConfigurationKeyName("ui_title")]
    public string? Title { get; set; }

    /// <summary><c>path_base</c>: the path below which a proxy shows the server, such as <c>/search</c>.</summary>
    [ConfigurationKeyName("path_base")]
    public string? PathBase { get; set; }

    /// <summary>The name of the site.</summary>
    public string Site => string.IsNullOrWhiteSpace(Title) ? "Container registry" : Title.Trim();

    /// <summary>The path base without a slash at its end; empty when there is none.</summary>
    public PathString Base => BaseText;

    private string BaseText => (PathBase ?? "").Trim().TrimEnd('/');

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Site.Length > MaxTitle)
            yield return new($"ui_title has {Site.Length} characters; at most {MaxTitle} are allowed.");
        var path = BaseText;
        if (path.Length == 0)
            yield break;
        var segments = path.Split('/');
        if (segments[0].Length > 0 || segments.Length < 2 || !segments.Skip(1).All(IsSegment))
            yield return new($"path_base is '{RepositoryName.Shown(path)}', which is not a path: write it as /search or /tools/search, with letters, digits, '.', '_', '~' and '-' only.");
        else if (OwnPaths.Contains(segments[1], StringComparer.OrdinalIgnoreCase))
            yield return new($"path_base begins with /{segments[1]}, which is a path of the server itself: choose another.");
    }

    private static bool IsSegment(string segment) =>
        segment is not ("" or "." or "..") && segment.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '~' or '-');
}

[OptionsValidator]
internal sealed partial class WebOptionsValidator : IValidateOptions<WebOptions>;
