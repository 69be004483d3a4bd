using System.Runtime.InteropServices;
using RegistryIndex.Server.Files;

namespace RegistryIndex.Server.Terminal;

/// <summary>
/// The standard input, output and error of the process. An interruption ends a command even when they are pipes that no program fills or
/// empties. Writes to standard error never fail. Any of the streams may be closed.
/// </summary>
internal static partial class StandardStreams
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;

    /// <summary>Replaces the console's output and error with such streams.</summary>
    /// <param name="isLog">Whether both are the log of a server, which is written until the server has ended, and never fails.</param>
    /// <param name="interrupted">A token that is cancelled when the process is requested to end.</param>
    public static void Take(bool isLog, CancellationToken interrupted)
    {
        if (!IsTerminal(Output, Console.IsOutputRedirected))
            Console.SetOut(ToWriter(isLog ? OpenLog(Output, CancellationToken.None) : OpenOutput(interrupted)));
        if (!IsTerminal(Error, Console.IsErrorRedirected))
            Console.SetError(ToWriter(OpenLog(Error, isLog ? CancellationToken.None : interrupted)));
    }

    /// <exception cref="ConfigurationMistakeException">Standard input is closed.</exception>
    public static Stream OpenInput(CancellationToken interrupted) => IsOpen(Input)
        ? new InterruptibleStream(Console.OpenStandardInput(), interrupted)
        : throw new ConfigurationMistakeException("Standard input is closed: name a file, or redirect one with < FILE.");

    /// <summary>Opens standard output; a write that fails throws an <see cref="OutputException"/>.</summary>
    public static Stream OpenOutput(CancellationToken interrupted) => new InterruptibleStream(new OutputStream(Output), interrupted);

    private static Stream OpenLog(int descriptor, CancellationToken interrupted) =>
        IsOpen(descriptor) ? new InterruptibleStream(new OutputStream(descriptor), interrupted, hasLastWord: true) : Stream.Null;

    private static StreamWriter ToWriter(Stream stream) => new(stream, Console.OutputEncoding) { AutoFlush = true };

    private static bool IsTerminal(int descriptor, bool isRedirected) => !isRedirected && IsOpen(descriptor);

    // If a stream was closed when the process began, its number is that of a file of the runtime by now. An inherited stream is one that
    // stays open in new programs; the runtime marks its own files to be closed there.
    private static bool IsOpen(int descriptor)
    {
        const int ReadFlags = 1;
        const int CloseOnExecute = 1;
        return OperatingSystem.IsWindows() || (Control(descriptor, ReadFlags) is >= 0 and var flags && (flags & CloseOnExecute) == 0);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WriteTo(int descriptor, in byte buffer, nint count);

    /// <summary>
    /// Standard output or error, whose failed writes throw an error of their own. The console's own stream ignores that its reader has
    /// ended. It also holds a lock while it writes: a thread that holds the console's writer and waits for a write on another thread would
    /// wait forever.
    /// </summary>
    private sealed class OutputStream(int descriptor) : Stream
    {
        // A pipe accepts this much completely or not at all, even when another program has made it non-blocking.
        private const int Whole = 4096;
        private const int Interrupted = 4;
        private const int NotNow = 11;
        private const int BrokenPipe = 32;

        private readonly Stream? _console = OperatingSystem.IsWindows() ? descriptor == Output ? Console.OpenStandardOutput() : Console.OpenStandardError() : null;
        private readonly bool _isOpen = IsOpen(descriptor);

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
            if (!_isOpen)
                throw new OutputException("Standard output is closed", ExitCode.Failed);
            if (_console is not null)
            {
                _console.Write(buffer, offset, count);
                return;
            }

            for (var rest = buffer.AsSpan(offset, count); rest.Length > 0;)
            {
                var written = WriteTo(descriptor, in rest[0], Math.Min(Whole, rest.Length));
                if (written >= 0)
                    rest = rest[(int)written..];
                else
                    Fail(Marshal.GetLastPInvokeError());
            }
        }

        private static void Fail(int error)
        {
            switch (error)
            {
                case Interrupted:
                    break;
                case NotNow:
                    Thread.Sleep(10);
                    break;
                case BrokenPipe:
                    throw new OutputException("The reader of the output has gone away", ExitCode.ReaderGone);
                default:
                    throw new OutputException($"Standard output cannot be written ({Marshal.GetPInvokeErrorMessage(error)})", ExitCode.Failed);
            }
        }

        public override void Flush()
        {
            // Nothing is buffered.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>The output of a command cannot be written.</summary>
/// <param name="message">The beginning of a sentence.</param>
/// <param name="exitCode">How the command ends.</param>
internal sealed class OutputException(string message, int exitCode) : IOException(message)
{
    public int ExitCode { get; } = exitCode;
}
