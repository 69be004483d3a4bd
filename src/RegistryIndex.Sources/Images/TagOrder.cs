using System.Text.RegularExpressions;

namespace RegistryIndex.Sources.Images;

/// <summary>
/// Determines the preferred tag of a repository, by the names alone: <c>latest</c>, else the highest release, else the highest pre-release,
/// else the highest name. The order is total, so that neither the source nor the order of its listing matters.
/// </summary>
public static partial class TagOrder
{
    /// <summary>Whether a tag may represent its repository; signatures, other attachments and build caches never do.</summary>
    /// <param name="name">The tag.</param>
    public static bool CanRepresent(string name) => Grammar().IsMatch(name) && !Attached().IsMatch(name) && !Cache().IsMatch(name);

    /// <summary>Whether a tag counts as one; signatures and other attachments that are stored as tags do not.</summary>
    /// <param name="name">The tag.</param>
    public static bool Counts(string name) => !Attached().IsMatch(name);

    /// <summary>Orders the names by preference; those that never represent the repository are last.</summary>
    /// <param name="names">The tags.</param>
    public static IEnumerable<string> BestFirst(IEnumerable<string> names)
    {
        var tags = names.Select(name => new RankedTag(name, CanRepresent(name))).ToList();

        // Beside releases such as 1.10.3, a large whole number is a build, a date or a commit. Without such releases, it is the version
        // itself.
        var kind = tags.Any(tag => tag is { Kind: TagKind.Release, HasPoint: true }) ? TagKind.Name : TagKind.Release;
        foreach (var tag in tags.Where(tag => tag.Kind == TagKind.Number))
            tag.Kind = kind;
        return tags.OrderDescending(RankedTag.Order).Select(tag => tag.Name);
    }

    // The grammar of a tag in OCI's specification.
    [GeneratedRegex("""\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z""", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();

    // Names with an image's digest, as cosign and OCI's referrers write them, with any ending; or names with an ending that tells the kind.
    [GeneratedRegex("""\Asha(256|384|512)-[0-9a-f]{32,}([._-]|\z)|\.(sig|att|sbom|vex|cosign|intoto|provenance)\z|[._-](sboms?|signatures?|attestations?|provenance)\z""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Attached();

    [GeneratedRegex("""(\A|[._-])buildcache([._-]|\z)|\A[._-]*cache([._-]|\z)|[._-]cache\z""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Cache();
}
