namespace RegistryIndex.Storage.Layouts;

/// <summary>
/// The order in which a walk visits paths: segment by segment, each compared ordinally, a directory before its content. This is the order
/// of the text with <c>/</c> as the lowest character.
/// </summary>
internal static class PathOrder
{
    public static int Compare(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        return same == left.Length || same == right.Length
            ? left.Length - right.Length
            : Weight(left[same]) - Weight(right[same]);
    }

    /// <summary>Whether something after <paramref name="position"/> may be at or below <paramref name="path"/>.</summary>
    public static bool ReachesBeyond(string path, string position) =>
        Compare(path, position) >= 0 || position.StartsWith(path + '/', StringComparison.Ordinal);

    private static int Weight(char character) => character == '/' ? -1 : character;
}
