using System.Text;

namespace RegistryIndex.DynamoDb.Postings;

/// <summary>Finds what a text repeats, so that a repository need not be found twice by one word.</summary>
internal static class Repetition
{
    public static readonly Rune Space = new(' ');

    /// <summary>
    /// For each place of a text, how many code points from there, at most to the next space, also stand at some other
    /// place that counts.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="among">Where to look: the text itself or another one.</param>
    /// <param name="counts">Whether a place of the text is compared with a place of the other.</param>
    public static int[] Longest(Rune[] text, Rune[] among, Func<int, int, bool> counts)
    {
        var longest = new int[text.Length];
        // common[j] is the common prefix of text from `place` and of among from j; made from that of the place after.
        var common = new int[among.Length + 1];
        for (var place = text.Length - 1; place >= 0; place--)
        {
            for (var other = 0; other < among.Length; other++)
            {
                common[other] = text[place] == among[other] && text[place] != Space ? common[other + 1] + 1 : 0;
                if (common[other] > longest[place] && counts(place, other))
                    longest[place] = common[other];
            }
        }

        return longest;
    }
}
