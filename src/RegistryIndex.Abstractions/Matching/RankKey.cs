namespace RegistryIndex;

/// <summary>
/// Where a repository stands among the results of a query, smallest first (contract 4). It is also a position between
/// results, and so what a continuation holds.
/// </summary>
/// <param name="Tier">0 for a query without words, 1 for a match at the start of a path segment, 2 elsewhere in the name, 3 in the description.</param>
/// <param name="Text">The folded text from the match on: to the end of the name (1, 2), or to the end of the word in the description, cut at 64 code points (3).</param>
/// <param name="Name">The repository's name, which decides between equals: see <see cref="IsOfficial"/> and <see cref="NameLength"/>.</param>
public readonly record struct RankKey(int Tier, string Text, string Name) : IComparable<RankKey>
{
    /// <summary>How much of a description's word takes part in the order, in code points.</summary>
    public const int MaxDescriptionText = 64;

    /// <summary>How the folded names of official images start (contract 4.8).</summary>
    public const string OfficialPrefix = "library/";

    /// <summary>Whether the folded name starts with <see cref="OfficialPrefix"/>: among equal texts these names come first (contract 4.8).</summary>
    public bool IsOfficial => Folding.Fold(Name).StartsWith(OfficialPrefix, StringComparison.Ordinal);

    /// <summary>The length of the folded name in code points: among equal texts, after <see cref="IsOfficial"/>, the shorter comes first (contract 4.8).</summary>
    public int NameLength => CodePoints.Count(Folding.Fold(Name));

    /// <inheritdoc/>
    public int CompareTo(RankKey other)
    {
        if (Tier != other.Tier)
            return Tier - other.Tier;
        var order = CodePointOrder.Comparer.Compare(Text, other.Text);
        if (order == 0 && Tier != 0)
            order = IsOfficial == other.IsOfficial ? NameLength - other.NameLength : IsOfficial ? -1 : 1;
        return order != 0 ? order : CodePointOrder.Comparer.Compare(Name, other.Name);
    }

    /// <summary>Whether <paramref name="left"/> comes first.</summary>
    public static bool operator <(RankKey left, RankKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes after.</summary>
    public static bool operator >(RankKey left, RankKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> does not come after.</summary>
    public static bool operator <=(RankKey left, RankKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> does not come first.</summary>
    public static bool operator >=(RankKey left, RankKey right) => left.CompareTo(right) >= 0;
}
