using System.Runtime.InteropServices;
using RegistryIndex.Files;

namespace RegistryIndex.Server.Files;

/// <summary>
/// Opens the files that arguments and settings name. They must be regular files: any other kind, a missing file and a file without
/// permission are mistakes, and nothing blocks. Where a shell may pass a pipe instead of a file, such as <c>&lt;(…)</c>, the pipe is read
/// too, and waited for until the command is interrupted.
/// </summary>
internal static class GivenFile
{
    /// <summary>Opens a file for reading.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="what">The kind of file, as the beginning of a sentence.</param>
    /// <exception cref="ConfigurationMistakeException">The file does not exist, or this user may not read it.</exception>
    public static FileStream OpenToRead(string file, string what) => Try(file, what, "read", () => new FileStream(PlainFile.Open(file), FileAccess.Read, bufferSize: 0));

    /// <summary>Opens a file or a pipe for reading.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="what">The kind of file, as the beginning of a sentence.</param>
    /// <param name="interrupted">Ends the wait for a program that writes to the pipe.</param>
    /// <exception cref="ConfigurationMistakeException">The file does not exist, or this user may not read it.</exception>
    public static Stream OpenFileOrPipe(string file, string what, CancellationToken interrupted) => Try(file, what, "read", () =>
    {
        var opening = Task.Run(() => PlainFile.OpenOrWait(file), CancellationToken.None).WaitAsync(interrupted);
        return new InterruptibleStream(new FileStream(opening.GetAwaiter().GetResult(), FileAccess.Read, bufferSize: 0), interrupted);
    });

    /// <summary>Opens a file for writing at its end, and creates it when it does not exist.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="what">The kind of file, as the beginning of a sentence.</param>
    /// <exception cref="ConfigurationMistakeException">This user may not write the file, or it cannot be created.</exception>
    public static FileStream OpenToAppend(string file, string what) => Try(file, what, "written", () =>
    {
        if (Path.Exists(file))
            PlainFile.Open(file).Dispose();
        return new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    });

    /// <summary>
    /// Returns what is wrong with a file, in the system's words and as the end of a sentence; .NET's messages name arguments of its own
    /// API.
    /// </summary>
    public static string ProblemOf(Exception error) => error switch
    {
        NotPlainException => error.Message,
        FileNotFoundException => "the file does not exist",
        DirectoryNotFoundException => "the directory does not exist",
        UnauthorizedAccessException => "permission denied",
        PathTooLongException => "its path is too long",
        IOException { HResult: > 0 and < 1000 and var errno } => Marshal.GetPInvokeErrorMessage(errno),
        _ => error.Message.TrimEnd('.'),
    };

    private static T Try<T>(string file, string what, string done, Func<T> open)
    {
        if (file.Length == 0 || file.Contains('\0', StringComparison.Ordinal))
            throw new ConfigurationMistakeException($"{what} '{RepositoryName.Shown(file)}' cannot be {done}: it is not the path of a file.");
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
