using System.Collections.Frozen;
using System.Text.RegularExpressions;
using RegistryIndex.Files;
using RegistryIndex.Sources;

namespace RegistryIndex.Server.Access;

/// <summary>
/// The users of an htpasswd file with their hashes. Only bcrypt hashes are accepted; other lines are skipped with a warning, as in
/// distribution: an invalid line must neither keep a removed user nor lock out the others.
/// </summary>
internal static partial class Htpasswd
{
    /// <exception cref="ConfigurationMistakeException">No user could log in.</exception>
    /// <exception cref="UnusableFileException">The file cannot be read.</exception>
    public static WatchedFiles<FrozenDictionary<string, string>> Watch(string file, TimeProvider time, ILogger logger)
    {
        var users = new WatchedFiles<FrozenDictionary<string, string>>([file], contents => Read(file, contents[0], logger), time, logger);
        if (users.Value.Count > 0)
            return users;
        users.Dispose();
        throw new ConfigurationMistakeException($"htpasswd '{file}' has no user with a bcrypt hash: add one with `htpasswd -B`, or remove the setting to let every client search.");
    }

    // An operator who empties the file wants that no user can log in.
    private static FrozenDictionary<string, string> Read(string file, byte[] content, ILogger logger)
    {
        var (users, passedOver) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<int>());
        foreach (var (number, line) in TextLines.Of(content))
        {
            if (line.StartsWith('#'))
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && Bcrypt().IsMatch(line.AsSpan(colon + 1)))
                users[line[..colon]] = line[(colon + 1)..];
            else
                passedOver.Add(number);
        }

        if (passedOver.Count > 0)
            LogPassedOver(logger, file, TextLines.Shown(passedOver));
        if (users.Count == 0)
            LogNobody(logger, file);
        return users.ToFrozenDictionary(StringComparer.Ordinal);
    }

    // With a cost above 19, each login would take a minute or more.
    [GeneratedRegex("""\A\$2[abxy]?\$(0[4-9]|1[0-9])\$[./A-Za-z0-9]{53}\z""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Bcrypt();

    [LoggerMessage(Level = LogLevel.Warning, Message = "htpasswd '{File}', {Lines}: skipped, because it is not a user with a bcrypt hash (of cost 4 to 19); create it with `htpasswd -B`")]
    private static partial void LogPassedOver(ILogger logger, string file, string lines);

    [LoggerMessage(Level = LogLevel.Error, Message = "htpasswd '{File}' has no user with a bcrypt hash, so no user can log in")]
    private static partial void LogNobody(ILogger logger, string file);
}
