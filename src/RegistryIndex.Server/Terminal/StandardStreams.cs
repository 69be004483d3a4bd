using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RegistryIndex.Server.Commands;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Server.Files;

namespace RegistryIndex.Server.Terminal;

/// <summary>
/// Standard input, output and error of the process. An interruption ends a command although they are pipes that nobody fills or
/// empties; what is said on standard error never fails; and none of them need be open.
/// </summary>
internal static partial class StandardStreams
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;

    /// <summary>Makes the console's output and error such streams.</summary>
    /// <param name="isLog">Whether both are the log of a server, which goes on until that has ended and never fails.</param>
    /// <param name="interrupted">Cancelled when the process is asked to end.</param>
    public static void Take(bool isLog, CancellationToken interrupted)
    {
        if (!IsTerminal(Output, Console.IsOutputRedirected))
            Console.SetOut(ToWriter(isLog ? OpenLog(Output, Console.OpenStandardOutput, CancellationToken.None) : OpenOutput(interrupted)));
        if (!IsTerminal(Error, Console.IsErrorRedirected))
            Console.SetError(ToWriter(OpenLog(Error, Console.OpenStandardError, isLog ? CancellationToken.None : interrupted)));
    }

    /// <exception cref="ConfigurationMistakeException">It is closed.</exception>
    public static Stream OpenInput(CancellationToken interrupted) => IsOpen(Input)
        ? new InterruptibleStream(Console.OpenStandardInput(), interrupted)
        : throw new ConfigurationMistakeException("Standard input is closed: name a file, or give it one, such as by < FILE.");

    /// <summary>Opens standard output; where it cannot be written a write is an <see cref="OutputException"/>.</summary>
    public static Stream OpenOutput(CancellationToken interrupted) => new InterruptibleStream(new OutputStream(IsOpen(Output) ? TryOpenPipe() ?? Console.OpenStandardOutput() : null), interrupted);

    private static Stream OpenLog(int descriptor, Func<Stream> open, CancellationToken interrupted) =>
        IsOpen(descriptor) ? new InterruptibleStream(open(), interrupted, hasLastWord: true) : Stream.Null;

    private static StreamWriter ToWriter(Stream stream) => new(stream, Console.OutputEncoding) { AutoFlush = true };

    private static bool IsTerminal(int descriptor, bool isRedirected) => !isRedirected && IsOpen(descriptor);

    // What was closed when the process began is the number of a file of the runtime by now. What is inherited was kept open when the
    // program began, and what the runtime has opened is marked not to be.
    private static bool IsOpen(int descriptor)
    {
        const int ReadFlags = 1;
        const int CloseOnExecute = 1;
        return OperatingSystem.IsWindows() || (Control(descriptor, ReadFlags) is >= 0 and var flags && (flags & CloseOnExecute) == 0);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command);

    // The console's own stream is silent about a reader that is gone, and its command works on for nobody.
    private static FileStream? TryOpenPipe()
    {
        if (OperatingSystem.IsWindows())
            return null;
        try
        {
            var file = new FileStream(new SafeFileHandle(Output, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return file.CanSeek ? null : file;
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null; // it was opened to be read, which a write tells
        }
    }

    /// <summary>Standard output, in which what cannot be written is an error of its own.</summary>
    /// <param name="inner">The stream; null where it is closed.</param>
    private sealed class OutputStream(Stream? inner) : Stream
    {
        // So much goes into a pipe whole or not at all, also where another program has made it one that does not wait.
        private const int Whole = 4096;
        private const int NotNow = 11;
        private const int BrokenPipe = 32;

        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (inner is null)
                throw new OutputException("Standard output is closed", ExitCode.Failed);
            for (var rest = buffer.AsSpan(offset, count); rest.Length > 0;)
            {
                try
                {
                    var part = rest[..Math.Min(Whole, rest.Length)];
                    inner.Write(part);
                    rest = rest[part.Length..];
                }
                catch (IOException error) when (error.HResult == NotNow)
                {
                    Thread.Sleep(10);
                }
                catch (IOException error) when (error.HResult == BrokenPipe)
                {
                    throw new OutputException("The reader of the output has gone away", ExitCode.ReaderGone, error);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    throw new OutputException($"Standard output cannot be written ({GivenFile.ProblemOf(error)})", ExitCode.Failed, error);
                }
            }
        }

        public override void Flush()
        {
            // Nothing is held back.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>What a command prints cannot be written.</summary>
/// <param name="message">The beginning of a sentence.</param>
/// <param name="exitCode">How the command ends.</param>
/// <param name="innerException">What the system said.</param>
internal sealed class OutputException(string message, int exitCode, Exception? innerException = null) : IOException(message, innerException)
{
    public int ExitCode { get; } = exitCode;
}
