namespace RegistryIndex.Server.Configuration;

/// <summary>Finds the known name that was probably meant by an unknown one.</summary>
internal static class Spelling
{
    /// <summary>Returns the name that is closest to what was written, or null when none is similar.</summary>
    public static string? FindNearest(string written, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(written.ToLowerInvariant(), name.ToLowerInvariant())))
        .Where(candidate => candidate.Distance is not null)
        .OrderBy(candidate => candidate.Distance).ThenBy(candidate => Math.Abs(candidate.Name.Length - written.Length)).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
        .Select(candidate => candidate.Name).FirstOrDefault();

    // 0 when only the separators of words differ; then by typing mistakes; then when one is a shorter form of the other.
    private static int? Distance(string written, string name)
    {
        if (string.Concat(WordsOf(written)) == string.Concat(WordsOf(name)))
            return 0;
        var section = LengthOfSharedSections(written, name);
        var (writtenLast, nameLast) = (written[section..], name[section..]);
        var most = Math.Min(writtenLast.Length, nameLast.Length) switch { < 3 => 0, < 6 => 1, < 10 => 2, _ => 3 };
        if (Math.Abs(writtenLast.Length - nameLast.Length) <= most && Slips(writtenLast, nameLast) is var slips && slips <= most)
            return 2 * slips;
        return IsShortFor(WordsOf(written), WordsOf(name)) ? 3 : null; // more likely than two typing mistakes
    }

    // Correct parts do not make a wrong part more similar.
    private static int LengthOfSharedSections(string one, string other) =>
        one.AsSpan(0, one.AsSpan().CommonPrefixLength(other)).LastIndexOf(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal) + 1;

    // Wrong, missing, additional and exchanged characters (optimal string alignment).
    private static int Slips(string one, string other)
    {
        var table = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= other.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = table[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[one.Length, other.Length];
    }

    // tls_cert_file for tls_certificate_file, registry_url for registry_public_url.
    private static bool IsShortFor(string[] written, string[] name)
    {
        if (written.Length < 2 || written.Any(word => word.Length < 2))
            return false;
        var at = 0;
        foreach (var word in written)
        {
            while (at < name.Length && !(name[at].StartsWith(word, StringComparison.Ordinal) && (word.Length > 2 || word == name[at])))
                at++;
            if (at++ == name.Length)
                return false;
        }

        return true;
    }

    private static string[] WordsOf(string name) => name.Split(['_', '-', ':', '.', ' '], StringSplitOptions.RemoveEmptyEntries);
}
