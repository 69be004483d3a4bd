using System.Text;
using System.Text.Json;

namespace RegistryIndex.EfCore.Model;

/// <summary>
/// A row of <c>registry_index_start</c>: a repository has a text at the start of a path segment. The rows are in the order of the rank keys of
/// tier 1, so that a page of that tier is a range of rows.
/// </summary>
/// <param name="Id">The repository's id.</param>
/// <param name="Name">The repository's name; empty if the text is empty.</param>
/// <param name="Text">The folded name from the start to its end. If it is empty, the repository has no starts, and a search reads its name.</param>
/// <param name="Unofficial">0 if <see cref="RankKey.IsOfficial"/> is true, else 1.</param>
/// <param name="NameLength">As <see cref="RankKey.NameLength"/>.</param>
/// <param name="AlsoBefore">
/// The length of the longest prefix of the text, in UTF-16 code units, that also stands at a start that ranks before this one. A word of that
/// length or less finds the repository there.
/// </param>
internal sealed record SegmentStart(int Id, string Name, string Text, int Unofficial, int NameLength, int AlsoBefore)
{
    /// <summary>
    /// The longest name that has starts, folded or not, in bytes of UTF-8. No name of the grammar is longer. Two such names are shorter than any
    /// database's longest key, and SQL Server's columns hold no more.
    /// </summary>
    public const int MaxNameBytes = 400;

    /// <summary>The rows of a repository; at least one.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="name">Its name.</param>
    /// <param name="keepsOrder">Whether the database sorts the rows by UTF-8 bytes. Without it a repository has no starts.</param>
    public static IReadOnlyList<SegmentStart> Of(int id, string name, bool keepsOrder)
    {
        var folded = Folding.Fold(name);
        var rank = new RankKey(1, "", name);
        var (unofficial, length) = (rank.IsOfficial ? 0 : 1, rank.NameLength);
        var starts = new List<SegmentStart>();
        if (keepsOrder && Encoding.UTF8.GetByteCount(name) <= MaxNameBytes && Encoding.UTF8.GetByteCount(folded) <= MaxNameBytes)
        {
            var places = PlacesOf(folded);
            for (var i = 0; i < places.Count; i++)
            {
                var text = folded[places[i]..];
                var alsoBefore = 0;
                for (var before = 0; before < i; before++)
                    alsoBefore = Math.Max(alsoBefore, text.AsSpan().CommonPrefixLength(folded.AsSpan(places[before])));
                starts.Add(new(id, name, text, unofficial, length, alsoBefore));
            }
        }

        return starts.Count > 0 ? starts : [new(id, "", "", 0, 0, 0)];
    }

    /// <summary>Converts a batch to one parameter, in the order of the table, so that the database reads its table once.</summary>
    public static byte[] ToUtf8Json(IEnumerable<SegmentStart> starts) =>
        JsonSerializer.SerializeToUtf8Bytes(starts.OrderBy(start => start.Text, StringComparer.Ordinal), FoldedRowJson.Default.IEnumerableSegmentStart);

    // The order in which a word is looked for: the last segment, then the others from the left (contract 4.5).
    private static List<int> PlacesOf(string folded)
    {
        var last = folded.LastIndexOf('/') + 1;
        var places = new List<int>();
        if (last < folded.Length)
            places.Add(last);
        for (var place = 0; place < last; place = folded.IndexOf('/', place) + 1)
            places.Add(place);
        return places;
    }
}
