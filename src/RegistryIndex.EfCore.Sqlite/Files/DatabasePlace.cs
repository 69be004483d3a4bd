using Microsoft.Extensions.Logging;

namespace RegistryIndex.EfCore.Sqlite.Files;

/// <summary>Makes the directory and the file of a database, before SQLite opens it.</summary>
/// <param name="file">The file.</param>
/// <param name="isPrivate">Whether nobody has named it, so that it is this user's alone.</param>
/// <param name="logger">Told of each directory that is made.</param>
internal sealed partial class DatabasePlace(string file, bool isPrivate, ILogger logger)
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersDirectory = OwnersFile | UnixFileMode.UserExecute;

    // As SQLite would make it.
    private const UnixFileMode EverybodysFile = OwnersFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Makes what is missing; what SQLite puts beside the file gets the file's permissions.</summary>
    /// <exception cref="RegistryIndexException">It cannot be made, or somebody else has been at a place of this user's.</exception>
    public void Ensure()
    {
        EnsureDirectory();
        Check("initialize");
        if (File.Exists(file))
            return;
        try
        {
            using (new FileStream(file, Options(isPrivate ? OwnersFile : EverybodysFile)))
            {
                // Empty, which SQLite takes for a database without tables.
            }
        }
        catch (IOException) when (File.Exists(file))
        {
            Check("initialize"); // another process was first
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Mistake("initialize", $"the database {file} cannot be made ({Reason(error)}); let this user write to its directory, or name another database in sqlalchemy_index_database.", error);
        }
    }

    /// <summary>Makes the directory, with those that it lies in, for this user alone.</summary>
    /// <returns>What was missing, the outermost first.</returns>
    /// <exception cref="RegistryIndexException">It cannot be made.</exception>
    public IReadOnlyCollection<string> EnsureDirectory()
    {
        var missing = new Stack<string>();
        for (var directory = Path.GetDirectoryName(file); directory is not null && !Directory.Exists(directory); directory = Path.GetDirectoryName(directory))
            missing.Push(directory);
        foreach (var directory in missing)
        {
            try
            {
                if (OperatingSystem.IsWindows())
                    Directory.CreateDirectory(directory);
                else
                    Directory.CreateDirectory(directory, OwnersDirectory);
                LogMade(logger, directory);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Mistake("initialize", $"the directory {directory} for the database {file} cannot be made ({Reason(error)}); make it and let this user write to it, or name another database in sqlalchemy_index_database.", error);
            }
        }

        return missing;
    }

    /// <summary>Makes sure that a place that nobody has named is this user's alone.</summary>
    /// <exception cref="RegistryIndexException">It is not.</exception>
    public void Check(string operation)
    {
        if (!isPrivate)
            return;
        try
        {
            if (PrivatePlace.FindProblem(file) is { } problem)
                throw Mistake(operation, $"the database {file} is not used, because {problem.Text}; {problem.Remedy}, or name another database in sqlalchemy_index_database.");
        }
        catch (IOException error)
        {
            throw Mistake(operation, $"the database {file} cannot be looked at ({Reason(error)}); let this user into its directory, or name another database in sqlalchemy_index_database.", error);
        }
    }

    private static FileStreamOptions Options(UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        return options;
    }

    private static string Reason(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no file can be made there",
        UnauthorizedAccessException => "permission denied",
        _ => error.Message.TrimEnd('.'),
    };

    private static RegistryIndexException Mistake(string operation, string problem, Exception? cause = null) =>
        new(EfCoreIndexOptions.ProviderName, operation, problem, mayRetry: false, cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the directory {Directory} for the database")]
    private static partial void LogMade(ILogger logger, string directory);
}
