using System.Text;

namespace RegistryIndex.DynamoDb.Postings;

/// <summary>Finds the repetitions in a text, so that one word does not find a repository twice.</summary>
internal static class Repetition
{
    public static readonly Rune Space = new(' ');

    /// <summary>
    /// For each place of a text, the number of code points from there, at most up to the next space, that also stand at another place that counts.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="among">Where to look: the text itself or another one.</param>
    /// <param name="counts">Whether to compare a place of the text with a place of the other text.</param>
    public static int[] Longest(Rune[] text, Rune[] among, Func<int, int, bool> counts)
    {
        var longest = new int[text.Length];
        // common[j] is the length of the common prefix of text from `place` and of among from j. It is computed from that of the following place.
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
