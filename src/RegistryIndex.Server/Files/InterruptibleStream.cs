namespace RegistryIndex.Server.Files;

/// <summary>
/// A stream, such as one end of a pipe, that may wait for another program without limit. A read or write ends its wait when the command is
/// interrupted. The operation itself then continues in the background, and ends with the process.
/// </summary>
/// <param name="inner">The stream.</param>
/// <param name="interrupted">A token that is cancelled when the command is interrupted.</param>
/// <param name="hasLastWord">Whether messages for people are written to it after the interruption too: then a write never fails, and waits
/// a second at most.</param>
internal sealed class InterruptibleStream(Stream inner, CancellationToken interrupted, bool hasLastWord = false) : Stream
{
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(1);

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Task.Run(() => inner.Read(buffer.Span), CancellationToken.None).WaitAsync(interrupted);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The input cannot be read: {GivenFile.ProblemOf(error)}.", error);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var write = Task.Run(() => inner.Write(buffer.Span), CancellationToken.None);
        try
        {
            await write.WaitAsync(interrupted);
        }
        catch (OperationCanceledException) when (hasLastWord)
        {
            await Task.WhenAny(write, Task.Delay(LastPatience, CancellationToken.None));
        }
        catch (Exception error) when (hasLastWord && (error is IOException or UnauthorizedAccessException))
        {
            // The disk may be full, or the terminal closed: there is no one to report it to.
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush()
    {
        // The inner stream does not buffer.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
