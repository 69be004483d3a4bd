using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RegistryIndex.Files;

/// <summary>
/// Opens files to read them, without waiting. To open a FIFO that has no writer would block for ever, and a check before opening does not
/// help, because the file can be replaced in between.
/// </summary>
internal static partial class PlainFile
{
    // O_RDONLY with O_CLOEXEC and O_NOCTTY
    private static readonly int Waiting = OperatingSystem.IsLinux() ? 0x80000 | 0x100 : OperatingSystem.IsFreeBSD() ? 0x100000 | 0x8000 : 0x1000000 | 0x20000;

    // The same with O_NONBLOCK
    private static readonly int Flags = Waiting | (OperatingSystem.IsLinux() ? 0x800 : 0x4);

    /// <summary>Opens a regular file.</summary>
    /// <exception cref="NotPlainException">The path is a directory, a FIFO, a socket or a device, or its links form a circle.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DirectoryNotFoundException">Its directory does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read the file.</exception>
    /// <exception cref="IOException">The file cannot be opened for another reason.</exception>
    public static SafeFileHandle Open(string path)
    {
        var handle = OpenNoDirectory(path, Flags);
        try
        {
            _ = RandomAccess.GetLength(handle);
            return handle;
        }
        catch (NotSupportedException error)
        {
            handle.Dispose();
            throw new NotPlainException("it is not a file but a FIFO or a device", error);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Opens a regular file, or anything else that can be read, such as a pipe. Waits until a pipe has a writer.</summary>
    /// <exception cref="NotPlainException">The path is a directory or a socket, or its links form a circle.</exception>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static SafeFileHandle OpenOrWait(string path) => OpenNoDirectory(path, Waiting);

    private static SafeFileHandle OpenNoDirectory(string path, int flags)
    {
        var handle = OpenAnything(path, flags);
        try
        {
            return File.GetAttributes(handle).HasFlag(FileAttributes.Directory) ? throw new NotPlainException("it is a directory") : handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Gets a handle of a path without opening what it names, because opening a device may have an effect. Linux only.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static SafeFileHandle Find(string path) => OpenAnything(path, 0x200000 | 0x80000); // O_PATH and O_CLOEXEC

    private static SafeFileHandle OpenAnything(string path, int flags)
    {
        if (OperatingSystem.IsWindows())
            return File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var descriptor = OpenDescriptor(path, flags);
        if (descriptor >= 0)
            return new(descriptor, ownsHandle: true);
        var errno = Marshal.GetLastPInvokeError();
        var message = Marshal.GetPInvokeErrorMessage(errno);
        throw errno switch
        {
            2 => new FileNotFoundException(message, path),
            20 => new DirectoryNotFoundException(message),
            1 or 13 => new UnauthorizedAccessException(message),
            6 or 19 => new NotPlainException("it is a socket or a device"),
            40 or 62 => new NotPlainException("its links form a loop"),
            36 or 63 => new PathTooLongException(message),
            _ => new IOException(message, errno),
        };
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);
}

/// <summary>The path does not name a regular file.</summary>
/// <param name="message">The end of a sentence: what the path names instead.</param>
/// <param name="innerException">The cause.</param>
internal sealed class NotPlainException(string message, Exception? innerException = null) : IOException(message, innerException);
