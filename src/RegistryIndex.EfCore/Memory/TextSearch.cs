using System.Text;

namespace RegistryIndex.EfCore.Memory;

/// <summary>A repository that was found, and its place among all results (contract 4).</summary>
internal sealed record FoundText(int Id, RankKey Rank);

/// <summary>
/// Finds the best matches of a query in the texts in memory. It ranks like
/// <see cref="SearchQuery.Rank(string, string, string)"/>, without a string for each row.
/// </summary>
internal sealed class TextSearch
{
    private static readonly byte[] OfficialPrefix = Encoding.UTF8.GetBytes(RankKey.OfficialPrefix);
    private readonly FoldedTexts _texts;
    private readonly byte[] _word;
    private readonly (byte[] Word, bool StartsOnly)[] _others;
    private readonly bool _startsOnly;
    private readonly Place? _after;
    private readonly int _limit;
    private readonly PriorityQueue<Place, Place> _best; // the worst is on top

    private TextSearch(FoldedTexts texts, SearchQuery query, RankKey? after, int limit)
    {
        var ranking = query.RankingWord ?? throw new ArgumentException("A query without words is in the order of names.", nameof(query));
        _texts = texts;
        _word = Encoding.UTF8.GetBytes(ranking);
        _startsOnly = SearchQuery.MatchesSegmentStartsOnly(ranking);
        _others = [.. query.Words.SkipLast(1).Distinct().Where(word => word != ranking).Select(word => (Encoding.UTF8.GetBytes(word), SearchQuery.MatchesSegmentStartsOnly(word)))];
        _limit = limit;
        _best = new(Comparer<Place>.Create((left, right) => Compare(right, left)));
        if (after is { } key)
            _after = new(key.Tier, -1, 0, 0) { Text = Encoding.UTF8.GetBytes(key.Text), Name = Encoding.UTF8.GetBytes(key.Name), IsOfficial = key.IsOfficial, NameLength = key.NameLength };
    }

    /// <param name="texts">The texts to search.</param>
    /// <param name="query">The query, which has at least one word.</param>
    /// <param name="after">The place to start after.</param>
    /// <param name="limit">The largest number of matches.</param>
    public static List<FoundText> Find(FoldedTexts texts, SearchQuery query, RankKey? after, int limit)
    {
        var search = new TextSearch(texts, query, after, limit);
        if (after is not { Tier: 3 })
            search.LookInNames();
        if (search._best.Count < limit && !search._startsOnly)
            search.LookInDescriptions();
        var found = new FoundText[search._best.Count];
        for (var place = found.Length - 1; place >= 0; place--)
            found[place] = search.ToFound(search._best.Dequeue());
        return [.. found];
    }

    /// <summary>Whether a word is so rare that it does not occur in a sample of the texts.</summary>
    public static bool IsLikelyRare(FoldedTexts texts, string word)
    {
        var bytes = Encoding.UTF8.GetBytes(word);
        return texts.Names.IsLikelyRare(bytes) && texts.Descriptions.IsLikelyRare(bytes);
    }

    private void LookInNames()
    {
        for (var row = 0; _texts.Names.TryFind(_word, ref row, out var first); row++)
        {
            if (!_texts.IsSeen(row))
                continue;
            var name = _texts.Names[row];
            var start = SegmentStart(name, first);
            if (start >= 0)
                Add(new(1, row, start, name.Length));
            else if (!_startsOnly)
                Add(new(2, row, first, name.Length));
        }
    }

    private void LookInDescriptions()
    {
        for (var row = 0; _texts.Descriptions.TryFind(_word, ref row, out var first); row++)
        {
            if (!_texts.IsSeen(row))
                continue;
            var description = _texts.Descriptions[row];
            var end = description[first..].IndexOf((byte)' ');
            Add(new(3, row, first, Cut(description, first, end < 0 ? description.Length : first + end)));
        }
    }

    // The last segment if the word starts it, else the earliest segment that the word starts (contract 4.5); -1 if there is none.
    private int SegmentStart(ReadOnlySpan<byte> name, int first)
    {
        var last = name.LastIndexOf((byte)'/') + 1;
        if (name[last..].StartsWith(_word))
            return last;
        for (var place = first; place < last;)
        {
            if (place == 0 || name[place - 1] == '/')
                return place;
            var next = name[(place + 1)..].IndexOf(_word);
            if (next < 0)
                break;
            place += next + 1;
        }

        return -1;
    }

    private void Add(Place place)
    {
        // The cheap conditions come first: with many matches, most are no better than those already on the page.
        if ((_best.Count == _limit && Compare(place, _best.Peek()) >= 0) || (_after is { } after && Compare(place, after) <= 0) || !Matches(place))
            return;
        if (_best.Count == _limit)
            _best.DequeueEnqueue(place, place);
        else
            _best.Enqueue(place, place);
    }

    // Descriptions of repositories whose names contain the word do not count (contract 4.7), and every other word must occur.
    private bool Matches(Place place)
    {
        var name = _texts.Names[place.Row];
        if (place.Tier == 3 && name.IndexOf(_word) >= 0)
            return false;
        foreach (var (word, startsOnly) in _others)
        {
            if (startsOnly ? !StartsSegment(name, word[0]) : name.IndexOf(word) < 0 && _texts.Descriptions[place.Row].IndexOf(word) < 0)
                return false;
        }

        return true;
    }

    private static bool StartsSegment(ReadOnlySpan<byte> name, byte character) => (!name.IsEmpty && name[0] == character) || name.IndexOf([(byte)'/', character]) >= 0;

    private static int Cut(ReadOnlySpan<byte> text, int start, int end)
    {
        var place = start;
        for (var count = 0; place < end; place++)
        {
            if (IsCodePointStart(text[place]) && count++ == RankKey.MaxDescriptionText)
                return place;
        }

        return end;
    }

    private static bool IsCodePointStart(byte unit) => (unit & 0xC0) != 0x80;

    private int Compare(Place left, Place right)
    {
        if (left.Tier != right.Tier)
            return left.Tier - right.Tier;
        var order = TextOf(left).SequenceCompareTo(TextOf(right));
        if (order == 0)
            order = IsOfficial(right).CompareTo(IsOfficial(left));
        if (order == 0)
            order = NameLengthOf(left) - NameLengthOf(right);
        return order != 0 ? order : NameOf(left).SequenceCompareTo(NameOf(right));
    }

    private ReadOnlySpan<byte> TextOf(Place place) =>
        place.Text ?? (place.Tier == 3 ? _texts.Descriptions : _texts.Names)[place.Row][place.Start..place.End];

    private ReadOnlySpan<byte> NameOf(Place place) => place.Name ?? _texts.NameOf(place.Row);

    private bool IsOfficial(Place place) => place.Name is null ? _texts.Names[place.Row].StartsWith(OfficialPrefix) : place.IsOfficial;

    private int NameLengthOf(Place place)
    {
        if (place.Name is not null)
            return place.NameLength;
        var count = 0;
        foreach (var unit in _texts.Names[place.Row])
            count += IsCodePointStart(unit) ? 1 : 0;
        return count;
    }

    private FoundText ToFound(Place place) =>
        new(_texts.IdOf(place.Row), new(place.Tier, Encoding.UTF8.GetString(TextOf(place)), Encoding.UTF8.GetString(NameOf(place))));

    /// <summary>A rank key as a place in the texts. A place that was made from a given rank key holds its texts.</summary>
    private readonly record struct Place(int Tier, int Row, int Start, int End)
    {
        public byte[]? Text { get; init; }

        public byte[]? Name { get; init; }

        public bool IsOfficial { get; init; }

        public int NameLength { get; init; }
    }
}
