using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Server.Configuration;

/// <summary>Checks that the files that settings name can be read, where they will be.</summary>
internal static class SettingsFiles
{
    /// <param name="configuration">The settings.</param>
    /// <param name="prefix">What the keys begin with; the others are not looked at.</param>
    /// <exception cref="ConfigurationMistakeException">Files are not there or cannot be read; each is named in a line of its own.</exception>
    public static void Check(IConfiguration configuration, string prefix = "")
    {
        string[] mistakes =
        [
            .. from setting in KnownSettings.All.Values
               where setting.IsFile && setting.Key.StartsWith(prefix, StringComparison.Ordinal) && !string.IsNullOrEmpty(configuration[setting.Key])
               let problem = FindProblem(configuration[setting.Key]!)
               where problem is not null
               select WrittenSetting.Find(configuration, setting.Key)!.Sentence(problem),
        ];
        if (mistakes.Length > 0)
            throw new ConfigurationMistakeException(string.Join('\n', mistakes));
    }

    private static string? FindProblem(string file)
    {
        try
        {
            PlainFile.Open(file).Dispose();
            return null;
        }
        catch (NotPlainException error)
        {
            return $"must be a file: {error.Message}";
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return "there is no such file";
        }
        catch (UnauthorizedAccessException)
        {
            return "this user may not read it: let the server's user read it";
        }
        catch (IOException error)
        {
            return $"cannot be read: {error.Message}";
        }
    }
}
