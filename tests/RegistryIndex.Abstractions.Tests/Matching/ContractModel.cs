namespace RegistryIndex.Tests.Matching;

/// <summary>
/// A second implementation of contract 3 and 4, over arrays of code points. It shares only the fold with the library, and tests compare
/// the library with it.
/// </summary>
internal static class ContractModel
{
    public static (int Tier, int[] Text, int[] Name)? Rank(string query, Repository repository)
    {
        var words = Words(query);
        var name = Runes(Folding.Fold(repository.Name));
        var description = Runes(Folding.Fold(repository.Description ?? ""));
        if (words.Count == 0)
            return (0, [], Runes(repository.Name));
        var ranks = words.Select(word => RankOne(word, name, description)).ToList();
        if (ranks.Any(rank => rank is null))
            return null;
        var (tier, text) = ranks[^1]!.Value;
        return (tier, text, Runes(repository.Name));
    }

    public static IComparer<(int Tier, int[] Text, int[] Name)> Order { get; } =
        Comparer<(int Tier, int[] Text, int[] Name)>.Create(Compare);

    private static int Compare((int Tier, int[] Text, int[] Name) left, (int Tier, int[] Text, int[] Name) right)
    {
        if (left.Tier != right.Tier)
            return left.Tier.CompareTo(right.Tier);
        var text = left.Text.AsSpan().SequenceCompareTo(right.Text);
        if (text != 0 || left.Tier == 0)
            return text != 0 ? text : left.Name.AsSpan().SequenceCompareTo(right.Name);
        var (folded, other) = (Refold(left.Name), Refold(right.Name));
        var byLibrary = IsUnderLibrary(other).CompareTo(IsUnderLibrary(folded));
        var byLength = folded.Length.CompareTo(other.Length);
        return byLibrary != 0 ? byLibrary : byLength != 0 ? byLength : left.Name.AsSpan().SequenceCompareTo(right.Name);
    }

    private static int[] Refold(int[] name) => Runes(Folding.Fold(string.Concat(name.Select(char.ConvertFromUtf32))));

    private static bool IsUnderLibrary(int[] name) => name is ['l', 'i', 'b', 'r', 'a', 'r', 'y', '/', ..];

    private static (int Tier, int[] Text)? RankOne(int[] word, int[] name, int[] description)
    {
        var inName = Occurrences(word, name);
        List<int> starts = [.. inName.Where(at => at == 0 || name[at - 1] == '/')];
        if (starts.Count > 0)
            return (1, name[(name.AsSpan(starts[^1]).Contains('/') ? starts[0] : starts[^1])..]);
        if (word is [< 0x80])
            return null;
        foreach (var at in inName)
            return (2, name[at..]);
        foreach (var at in Occurrences(word, description))
            return (3, [.. description[at..].TakeWhile(c => c != ' ').Take(64)]);
        return null;
    }

    private static List<int> Occurrences(int[] word, int[] text) =>
        [.. Enumerable.Range(0, Math.Max(0, text.Length - word.Length + 1)).Where(at => text.AsSpan(at, word.Length).SequenceEqual(word))];

    private static List<int[]> Words(string query) =>
        [.. Folding.Fold(query).Split(' ').Where(word => word.Length > 0).Select(Runes)];

    private static int[] Runes(string text) => [.. text.EnumerateRunes().Select(rune => rune.Value)];
}
