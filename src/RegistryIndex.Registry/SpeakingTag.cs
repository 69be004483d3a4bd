namespace RegistryIndex.Registry;

/// <summary>
/// Which tag speaks for its repository: <c>latest</c>, else the highest, where numbers count by value (<c>1.10</c> is above
/// <c>1.9</c>). A storage takes the one last written instead, which the API does not tell.
/// </summary>
internal static class SpeakingTag
{
    public const string Latest = "latest";

    public static string Better(string? best, string tag) => best is null || Compare(tag, best) > 0 ? tag : best;

    // Equal by value, such as 1.0 and 1.00, is decided by the text, so that the order of a listing never matters.
    private static int Compare(string left, string right)
    {
        if ((left == Latest) != (right == Latest))
            return left == Latest ? 1 : -1;
        for (int i = 0, j = 0; ;)
        {
            if (i == left.Length || j == right.Length)
                return left.Length - i != right.Length - j ? (left.Length - i) - (right.Length - j) : string.CompareOrdinal(left, right);
            if (char.IsAsciiDigit(left[i]) && char.IsAsciiDigit(right[j]))
            {
                var a = Number(left, ref i);
                var b = Number(right, ref j);
                if (a.Length != b.Length)
                    return a.Length - b.Length;
                if (a.SequenceCompareTo(b) is not 0 and var order)
                    return order;
            }
            else if (left[i++].CompareTo(right[j++]) is not 0 and var order)
            {
                return order;
            }
        }
    }

    private static ReadOnlySpan<char> Number(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
            position++;
        return text.AsSpan(start, position - start).TrimStart('0');
    }
}
