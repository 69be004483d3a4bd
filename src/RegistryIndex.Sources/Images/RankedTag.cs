using System.Text.RegularExpressions;

namespace RegistryIndex.Sources.Images;

/// <summary>The kind of a tag, by its name; a higher kind is preferred to a lower one.</summary>
internal enum TagKind
{
    /// <summary>Never used for the repository.</summary>
    Silent,

    /// <summary>Any name, such as that of a branch.</summary>
    Name,

    /// <summary>A large whole number; the other tags determine its rank (<see cref="TagOrder.BestFirst"/>).</summary>
    Number,

    /// <summary>A version that is marked as not ready.</summary>
    PreRelease,

    /// <summary>A version.</summary>
    Release,

    /// <summary>The tag <c>latest</c>.</summary>
    Latest,
}

/// <summary>A tag's name, parsed for comparison: <c>v1.10.0-alpine</c> has the numbers 1, 10 and 0 and the suffix <c>-alpine</c>.</summary>
internal sealed partial class RankedTag
{
    /// <summary>A total order: two tags are equal only when their names are equal.</summary>
    public static readonly IComparer<RankedTag> Order = Comparer<RankedTag>.Create((left, right) => left.CompareTo(right));

    private const int DigitsOfAMajor = 4; // a year may be a major version
    private const int DigitsOfAWholeVersion = 3;

    private readonly string[] _numbers = [];
    private readonly string _suffix = "";

    public RankedTag(string name, bool canRepresent)
    {
        Name = name;
        if (!canRepresent)
            return;
        Kind = name == "latest" ? TagKind.Latest : TagKind.Name;
        if (Version().Match(name) is not { Success: true } version)
            return;
        _numbers = version.Groups["numbers"].Value.Split('.');
        _suffix = version.Groups["suffix"].Value;
        Kind = _suffix.Split('.', '-', '_').Any(IsUnready) ? TagKind.PreRelease
            : _numbers[0].TrimStart('0').Length > (HasPoint ? DigitsOfAMajor : DigitsOfAWholeVersion) ? TagKind.Number
            : TagKind.Release;
    }

    public string Name { get; }

    public TagKind Kind { get; set; }

    /// <summary>Whether its version has more than one number.</summary>
    public bool HasPoint => _numbers.Length > 1;

    private int CompareTo(RankedTag other)
    {
        var order = Kind.CompareTo(other.Kind);
        if (order == 0)
            order = Kind is TagKind.Release or TagKind.PreRelease ? CompareVersions(other) : NaturalOrder.Compare(Name, other.Name);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }

    private int CompareVersions(RankedTag other)
    {
        for (var i = 0; i < Math.Max(_numbers.Length, other._numbers.Length); i++)
        {
            if (NaturalOrder.CompareNumbers(Number(i), other.Number(i)) is not 0 and var order)
                return order;
        }

        // 1.25 is above 1.25-alpine, which is above 1.24; 1.0.0 is above 1.0, which may point at any 1.0 release.
        if ((_suffix.Length == 0) != (other._suffix.Length == 0))
            return _suffix.Length == 0 ? 1 : -1;
        return NaturalOrder.Compare(_suffix, other._suffix) is not 0 and var bySuffix ? bySuffix : _numbers.Length.CompareTo(other._numbers.Length);
    }

    private ReadOnlySpan<char> Number(int index) => index < _numbers.Length ? _numbers[index] : "";

    private static bool IsUnready(string word) => Unready().IsMatch(word) || Commit().IsMatch(word);

    // Letters may follow the numbers directly only when these have a point: 1.0rc1 is a version, 3f2a91c is a commit.
    [GeneratedRegex("""\A[vV]?(?<numbers>[0-9]+(\.[0-9]+)*)(?<suffix>\z|[._-].*|(?<=\.[0-9]+)[a-zA-Z].*)\z""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Version();

    // A suffix marks a pre-release or the build of a branch only when it has one of these words. Any other suffix, such as the name of a base
    // image or of a platform, marks another form of the release.
    [GeneratedRegex("""\A((alpha|beta|rc|cr|pre|preview|prerelease|dev|devel|develop|development|snapshot|nightly|daily|weekly|canary|edge|next|milestone|ea|eap|test|testing|unstable|experimental|insiders?|pr|mr|feature|feat|bugfix|branch|main|master|trunk|ci|wip|draft|sha|git)[0-9]*|[abm][0-9]+)\z""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Unready();

    [GeneratedRegex("""\A(g[0-9a-f]{7,40}|(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40})\z""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Commit();
}
