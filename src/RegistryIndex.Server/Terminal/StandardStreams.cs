using Microsoft.Win32.SafeHandles;

namespace RegistryIndex.Server.Terminal;

/// <summary>Standard input, output and error of a command, which an interruption ends although they are pipes that nobody fills or empties.</summary>
internal static class StandardStreams
{
    /// <summary>Makes what is written to the console from now on interruptible; a terminal already is.</summary>
    public static void MakeInterruptible(CancellationToken interrupted)
    {
        if (Console.IsOutputRedirected)
            Console.SetOut(new StreamWriter(OpenOutput(interrupted), Console.OutputEncoding) { AutoFlush = true });
        if (Console.IsErrorRedirected)
            Console.SetError(new StreamWriter(new InterruptibleStream(Console.OpenStandardError(), interrupted, hasLastWord: true), Console.OutputEncoding) { AutoFlush = true });
    }

    public static Stream OpenInput(CancellationToken interrupted) => new InterruptibleStream(Console.OpenStandardInput(), interrupted);

    /// <summary>Opens standard output; where its reader is gone a write is a <see cref="ReaderGoneException"/>.</summary>
    public static Stream OpenOutput(CancellationToken interrupted) => new InterruptibleStream(OutputPipe.TryOpen() ?? Console.OpenStandardOutput(), interrupted);

    /// <summary>Standard output where it is a pipe. The console's own stream is silent about a reader that is gone, and its command works on for nobody.</summary>
    private sealed class OutputPipe(FileStream pipe) : Stream
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

        public static OutputPipe? TryOpen()
        {
            if (OperatingSystem.IsWindows())
                return null;
            try
            {
                var file = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
                return file.CanSeek ? null : new(file);
            }
            catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
            {
                return null; // it is closed
            }
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            for (var rest = buffer.AsSpan(offset, count); rest.Length > 0;)
            {
                try
                {
                    var part = rest[..Math.Min(Whole, rest.Length)];
                    pipe.Write(part);
                    rest = rest[part.Length..];
                }
                catch (IOException error) when (error.HResult == NotNow)
                {
                    Thread.Sleep(10);
                }
                catch (IOException error) when (error.HResult == BrokenPipe)
                {
                    throw new ReaderGoneException(error);
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

/// <summary>Whoever read the output of this command reads no more.</summary>
internal sealed class ReaderGoneException(IOException error) : IOException("The reader of the output has gone away.", error);
