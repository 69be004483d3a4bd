using Microsoft.Extensions.Logging;

namespace RegistryIndex.EfCore.Sqlite.Files;

/// <summary>Creates the directory and the file of a database, before SQLite opens it.</summary>
/// <param name="file">The file.</param>
/// <param name="isPrivate">Whether the file is the default database, which only this user may change.</param>
/// <param name="logger">Logs each directory that is created.</param>
internal sealed partial class DatabasePlace(string file, bool isPrivate, ILogger logger)
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersDirectory = OwnersFile | UnixFileMode.UserExecute;

    // The mode with which SQLite would create the file.
    private const UnixFileMode EverybodysFile = OwnersFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Creates the directory and the file if they are missing. The files that SQLite puts beside the database get its permissions.</summary>
    /// <exception cref="RegistryIndexException">
    /// The file cannot be created, or another user has changed a place that belongs to this user.
    /// </exception>
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
                // SQLite takes an empty file for a database without tables.
            }
        }
        catch (IOException) when (File.Exists(file))
        {
            Check("initialize"); // another process created the file first
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Mistake("initialize", $"the database {file} cannot be created ({Reason(error)}); let this user write to its directory, or name another database in sqlalchemy_index_database.", error);
        }
    }

    /// <summary>Creates the directory and its missing parents, with access for this user only.</summary>
    /// <returns>The directories that were missing, the outermost first.</returns>
    /// <exception cref="RegistryIndexException">The directory cannot be created.</exception>
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
                throw Mistake("initialize", $"the directory {directory} for the database {file} cannot be created ({Reason(error)}); create it and let this user write to it, or name another database in sqlalchemy_index_database.", error);
            }
        }

        return missing;
    }

    /// <summary>Ensures that no other user can change the default database.</summary>
    /// <exception cref="RegistryIndexException">Another user can change it.</exception>
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
            throw Mistake(operation, $"the database {file} cannot be examined ({Reason(error)}); give this user access to its directory, or name another database in sqlalchemy_index_database.", error);
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
        FileNotFoundException or DirectoryNotFoundException => "no file can be created there",
        UnauthorizedAccessException => "permission denied",
        _ => error.Message.TrimEnd('.'),
    };

    private static RegistryIndexException Mistake(string operation, string problem, Exception? cause = null) =>
        new(EfCoreIndexOptions.ProviderName, operation, problem, mayRetry: false, cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Created the directory {Directory} for the database")]
    private static partial void LogMade(ILogger logger, string directory);
}
