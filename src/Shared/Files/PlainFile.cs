using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RegistryIndex.Files;

/// <summary>
/// Opens files to read them, and never waits for one: to open a FIFO that nobody writes to would take for ever, and what is looked at
/// before it is opened may be exchanged between the two.
/// </summary>
internal static partial class PlainFile
{
    // O_RDONLY with O_CLOEXEC and O_NOCTTY
    private static readonly int Waiting = OperatingSystem.IsLinux() ? 0x80000 | 0x100 : OperatingSystem.IsFreeBSD() ? 0x100000 | 0x8000 : 0x1000000 | 0x20000;

    // and O_NONBLOCK
    private static readonly int Flags = Waiting | (OperatingSystem.IsLinux() ? 0x800 : 0x4);

    /// <summary>Opens a file of bytes.</summary>
    /// <exception cref="NotPlainException">There is something else: a directory, a FIFO, a socket, a device, or links in a circle.</exception>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="DirectoryNotFoundException">Nor is there its directory.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    /// <exception cref="IOException">It cannot be opened for another reason.</exception>
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
            throw new NotPlainException("it is no file but a FIFO or a device", error);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file of bytes or whatever else bytes can be read from, such as a pipe; waits there for somebody to write to it.</summary>
    /// <exception cref="NotPlainException">There is a directory or a socket, or links in a circle.</exception>
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

    /// <summary>Finds whatever is there without opening it, which for a device may do something; on Linux only.</summary>
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
            40 or 62 => new NotPlainException("its links lead in a circle"),
            36 or 63 => new PathTooLongException(message),
            _ => new IOException(message, errno),
        };
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);
}

/// <summary>What is there is no file of bytes.</summary>
/// <param name="message">The end of a sentence: what it is instead.</param>
/// <param name="innerException">How that showed.</param>
internal sealed class NotPlainException(string message, Exception? innerException = null) : IOException(message, innerException);
