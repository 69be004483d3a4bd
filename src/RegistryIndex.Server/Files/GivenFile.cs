using System.Runtime.InteropServices;
using RegistryIndex.Files;

namespace RegistryIndex.Server.Files;

/// <summary>
/// Opens the files that arguments and settings name. They are files of bytes: anything else is a mistake, as is what is not there or
/// may not be used, and nothing is waited for. Where a shell may put something else in the place of a file, such as <c>&lt;(…)</c>, that
/// is read, too, and waited for until the command is interrupted.
/// </summary>
internal static class GivenFile
{
    /// <summary>Opens a file to read it.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="what">What it is, as the beginning of a sentence.</param>
    /// <exception cref="ConfigurationMistakeException">There is no file that this user may read.</exception>
    public static FileStream OpenToRead(string file, string what) => Try(file, what, "read", () => new FileStream(PlainFile.Open(file), FileAccess.Read, bufferSize: 0));

    /// <summary>Opens a file or a pipe to read it.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="what">What it is, as the beginning of a sentence.</param>
    /// <param name="interrupted">Ends the wait for somebody who writes to the pipe.</param>
    /// <exception cref="ConfigurationMistakeException">There is nothing that this user may read.</exception>
    public static Stream OpenFileOrPipe(string file, string what, CancellationToken interrupted) => Try(file, what, "read", () =>
    {
        var opening = Task.Run(() => PlainFile.OpenOrWait(file), CancellationToken.None).WaitAsync(interrupted);
        return new InterruptibleStream(new FileStream(opening.GetAwaiter().GetResult(), FileAccess.Read, bufferSize: 0), interrupted);
    });

    /// <summary>Opens a file to write at its end, and makes it where there is none.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="what">What it is, as the beginning of a sentence.</param>
    /// <exception cref="ConfigurationMistakeException">There is no file that this user may write, and none can be made.</exception>
    public static FileStream OpenToAppend(string file, string what) => Try(file, what, "written", () =>
    {
        if (Path.Exists(file))
            PlainFile.Open(file).Dispose();
        return new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    });

    /// <summary>What is wrong with a file, in the words of the system and as the end of a sentence; .NET's name its own API's arguments.</summary>
    public static string ProblemOf(Exception error) => error switch
    {
        NotPlainException => error.Message,
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "there is no such directory",
        UnauthorizedAccessException => "permission denied",
        PathTooLongException => "its path is too long",
        IOException { HResult: > 0 and < 1000 and var errno } => Marshal.GetPInvokeErrorMessage(errno),
        _ => error.Message.TrimEnd('.'),
    };

    private static T Try<T>(string file, string what, string done, Func<T> open)
    {
        if (file.Length == 0 || file.Contains('\0', StringComparison.Ordinal))
            throw new ConfigurationMistakeException($"{what} '{RepositoryName.Shown(file)}' cannot be {done}: that is no path of a file.");
        try
        {
            return open();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationMistakeException($"{what} '{RepositoryName.Shown(file, most: 200)}' cannot be {done}: {ProblemOf(error)}.", error);
        }
    }
}
