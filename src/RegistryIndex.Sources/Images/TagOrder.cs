using System.Text.RegularExpressions;

namespace RegistryIndex.Sources.Images;

/// <summary>
/// Which tag speaks for its repository, by the names alone: <c>latest</c>, else the highest release, else the highest
/// pre-release, else the highest name. It is a total order, so that neither the source nor the order of its listing matters.
/// </summary>
public static partial class TagOrder
{
    /// <summary>Whether a tag may speak at all; signatures, their kin and build caches never do.</summary>
    /// <param name="name">The tag.</param>
    public static bool Speaks(string name) => Grammar().IsMatch(name) && !Attached().IsMatch(name) && !Cache().IsMatch(name);

    /// <summary>The names with the one that speaks first, and those that never speak last.</summary>
    /// <param name="names">The tags.</param>
    public static IEnumerable<string> BestFirst(IEnumerable<string> names)
    {
        var tags = names.Select(name => new RankedTag(name, Speaks(name))).ToList();

        // Beside releases such as 1.10.3 a large whole number is that of a build, a day or a commit. Where there are no
        // such releases it is the version itself.
        var kind = tags.Any(tag => tag is { Kind: TagKind.Release, HasPoint: true }) ? TagKind.Name : TagKind.Release;
        foreach (var tag in tags.Where(tag => tag.Kind == TagKind.Number))
            tag.Kind = kind;
        return tags.OrderDescending(RankedTag.Order).Select(tag => tag.Name);
    }

    // What OCI says a tag is.
    [GeneratedRegex("""\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z""", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();

    // Of an image by its digest, as cosign and OCI's referrers write it, with whatever end; or by an end that says what it is.
    [GeneratedRegex("""\Asha(256|384|512)-[0-9a-f]{32,}([._-]|\z)|\.(sig|att|sbom|vex|cosign|intoto|provenance)\z|[._-](sboms?|signatures?|attestations?|provenance)\z""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Attached();

    [GeneratedRegex("""(\A|[._-])buildcache([._-]|\z)|\A[._-]*cache([._-]|\z)|[._-]cache\z""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Cache();
}
