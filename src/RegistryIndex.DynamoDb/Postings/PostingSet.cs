using System.Text;

namespace RegistryIndex.DynamoDb.Postings;

/// <summary>
/// The postings of a repository: one for each place where a searched word may be found first, and one for the last push. The postings of the
/// name, the description and the facts are separate, because each group is written without the others.
/// </summary>
internal static class PostingSet
{
    private static readonly Rune Slash = new('/');

    /// <summary>The name for lists, each start of a path segment, and every other place of the name.</summary>
    public static IReadOnlyList<Posting> OfName(string name, string nonce)
    {
        var text = Runes(Folding.Fold(name));
        var last = Array.LastIndexOf(text, Slash) + 1;
        // The start of the last segment ranks first, then the starts of the other segments, then the earlier place (contract 4.5, 4.6). A word
        // that finds the name at one place does not find it again at a lower one.
        var alsoBefore = Repetition.Longest(text, text, (place, other) => Order(other).CompareTo(Order(place)) < 0);
        List<Posting> postings = [];
        Add(postings, new Posting(0, "", name, nonce));
        for (var place = 0; place < text.Length; place++)
        {
            var tier = Order(place).Tier;
            if (IsUseful(tier, text, place, alsoBefore[place]))
                Add(postings, new Posting(tier, TextOf(text.AsSpan(place)), name, nonce));
        }

        return postings;

        (int Tier, int Place) Order(int place) => place == last ? (1, -1) : place == 0 || text[place - 1] == Slash ? (1, place) : (2, place);
    }

    /// <summary>Every place of the description, up to the end of its word.</summary>
    public static IReadOnlyList<Posting> OfDescription(string name, string? description, string nonce)
    {
        if (description is null)
            return [];
        var text = Runes(Folding.Fold(description));
        var inDescription = Repetition.Longest(text, text, (place, other) => other < place);
        var inName = Repetition.Longest(text, Runes(Folding.Fold(name)), (_, _) => true);
        var byText = new Dictionary<string, Posting>(StringComparer.Ordinal);
        for (var place = 0; place < text.Length; place++)
        {
            var alsoBefore = Math.Max(inDescription[place], inName[place]);
            if (!IsUseful(3, text, place, alsoBefore))
                continue;
            // Words over 64 code points may be equal after they are cut. Then one posting stands for all of them,
            // and has the shortest repetition among them.
            var kept = TextOf(text.AsSpan(place, Math.Min(WordLength(text, place), RankKey.MaxDescriptionText)));
            if (!byText.TryGetValue(kept, out var other) || alsoBefore < other.AlsoBefore)
                byText[kept] = new Posting(3, kept, name, nonce, alsoBefore);
        }

        List<Posting> postings = [];
        foreach (var posting in byText.Values)
            Add(postings, posting);
        return postings;
    }

    /// <summary>The time of the last push, if it is known.</summary>
    public static IReadOnlyList<Posting> OfFacts(string name, RepositoryFacts? facts, string nonce)
    {
        List<Posting> postings = [];
        if (facts?.PushedAt is { } pushed)
            Add(postings, new Posting(PostingKey.PushTier, PushOrder.TextOf(pushed), name, nonce));
        return postings;
    }

    // A word contains no space, so it ends at the next space of the text. It must be longer than any word
    // that already finds the repository elsewhere.
    private static bool IsUseful(int tier, Rune[] text, int place, int alsoBefore)
    {
        var longest = WordLength(text, place);
        var shortest = tier != 1 && text[place].IsAscii ? 2 : 1; // a single ASCII character is found only at segment starts
        return longest >= shortest && longest > alsoBefore;
    }

    private static int WordLength(Rune[] text, int place)
    {
        var end = Array.IndexOf(text, Repetition.Space, place);
        return (end < 0 ? text.Length : end) - place;
    }

    // A predecessor's name may be longer than a key. It is then found by the words that fit.
    private static void Add(List<Posting> postings, Posting posting)
    {
        if (Encoding.UTF8.GetByteCount(PostingKey.Sort(posting.Rank, posting.Nonce)) <= PostingKey.MaxSortBytes)
            postings.Add(posting);
    }

    private static Rune[] Runes(string text) => [.. text.EnumerateRunes()];

    private static string TextOf(ReadOnlySpan<Rune> runes)
    {
        var result = new StringBuilder(runes.Length);
        foreach (var rune in runes)
            result.Append(rune);
        return result.ToString();
    }
}
