namespace RegistryIndex;

/// <summary>
/// The place of a repository among the results of a query, smallest first (contract 4). A continuation holds such a key
/// as the position between two results.
/// </summary>
/// <param name="Tier">
/// 0 for a query without words, in name order or in the order of the last push; 1 for a match at the start of a path segment, 2 for one
/// elsewhere in the name, 3 for one in the description.
/// </param>
/// <param name="Text">
/// The folded text from the match to the end of the name (tiers 1 and 2), or to the end of the word in the description, cut at 64 code points
/// (tier 3). Empty for a query without words in name order; <see cref="PushOrder.TextOf"/> in the order of the last push.
/// </param>
/// <param name="Name">The repository's name, which breaks ties: see <see cref="IsOfficial"/> and <see cref="NameLength"/>.</param>
public readonly record struct RankKey(int Tier, string Text, string Name) : IComparable<RankKey>
{
    /// <summary>The number of code points of a description's word that count for the order.</summary>
    public const int MaxDescriptionText = 64;

    /// <summary>The prefix of the folded names of official images (contract 4.8).</summary>
    public const string OfficialPrefix = "library/";

    /// <summary>Whether the folded name starts with <see cref="OfficialPrefix"/>. Among equal texts these names come first (contract 4.8).</summary>
    public bool IsOfficial => Folding.Fold(Name).StartsWith(OfficialPrefix, StringComparison.Ordinal);

    /// <summary>
    /// The length of the folded name in code points. Among equal texts, after <see cref="IsOfficial"/>, the shorter name comes first (contract 4.8).
    /// </summary>
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

    /// <summary>Whether <paramref name="left"/> comes before the other.</summary>
    public static bool operator <(RankKey left, RankKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes after the other.</summary>
    public static bool operator >(RankKey left, RankKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> comes before the other or is equal to it.</summary>
    public static bool operator <=(RankKey left, RankKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> comes after the other or is equal to it.</summary>
    public static bool operator >=(RankKey left, RankKey right) => left.CompareTo(right) >= 0;
}
