using RegistryIndex.Files;
using RegistryIndex.Server.Files;

namespace RegistryIndex.Server.Configuration;

/// <summary>Checks that the files that settings name can be read.</summary>
internal static class SettingsFiles
{
    /// <param name="configuration">The settings.</param>
    /// <param name="toRead">The key prefixes of the files that this command reads. Other files may be readable for another user only, such
    /// as the server's. Null is none.</param>
    /// <exception cref="ConfigurationMistakeException">Files do not exist or cannot be read; each is named in a line of its own.</exception>
    public static void Check(IConfiguration configuration, string? toRead)
    {
        string[] mistakes =
        [
            .. from setting in KnownSettings.All.Values
               where setting.IsFile && !string.IsNullOrEmpty(configuration[setting.Key])
               let problem = FindProblem(configuration[setting.Key]!, toRead is not null && setting.Key.StartsWith(toRead, StringComparison.Ordinal))
               where problem is not null
               select WrittenSetting.Find(configuration, setting.Key)!.Sentence(problem),
        ];
        if (mistakes.Length > 0)
            throw new ConfigurationMistakeException(string.Join('\n', mistakes));
    }

    private static string? FindProblem(string file, bool isRead)
    {
        try
        {
            PlainFile.Open(file).Dispose();
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return isRead ? "this user may not read it: let the server's user read it" : null;
        }
        catch (IOException error)
        {
            return $"cannot be read: {GivenFile.ProblemOf(error)}";
        }
    }
}
