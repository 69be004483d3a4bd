using System.Collections.Frozen;
using System.Text.RegularExpressions;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Access;

/// <summary>The lines <c>user:hash</c> of an htpasswd file; the only hash that is taken is bcrypt, as in distribution.</summary>
internal static partial class Htpasswd
{
    /// <exception cref="ConfigurationMistakeException">A line is not what it should be; no line is ever shown.</exception>
    public static FrozenDictionary<string, string> Read(string file)
    {
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in File.ReadLines(file).Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line.StartsWith('#'))
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !Bcrypt().IsMatch(line.AsSpan(colon + 1)))
                throw new ConfigurationMistakeException($"htpasswd '{file}', line {number}: this is no user with a bcrypt hash; make it with `htpasswd -B`.");
            users[line[..colon]] = line[(colon + 1)..];
        }

        return users.Count > 0
            ? users.ToFrozenDictionary(StringComparer.Ordinal)
            : throw new ConfigurationMistakeException($"htpasswd '{file}' has no users: add one with `htpasswd -B`, or remove the setting to let everybody search.");
    }

    [GeneratedRegex("""\A\$2[abxy]?\$(0[4-9]|1[0-9])\$[./A-Za-z0-9]{53}\z""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Bcrypt();
}
