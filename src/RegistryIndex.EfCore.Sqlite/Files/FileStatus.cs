using System.Runtime.InteropServices;

namespace RegistryIndex.EfCore.Sqlite.Files;

/// <summary>The state of a path in the file system.</summary>
/// <param name="Identity">Identifies the file; another file, or a recreated one, has another identity. Zero on systems other than Linux.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Modified">When it was last written, in a unit of the system.</param>
/// <param name="Owner">The user that owns it; null on systems other than Linux.</param>
/// <param name="Names">The number of its names (hard links); 1 on systems other than Linux.</param>
/// <param name="Mode">Type and permissions as on Unix; 0 on systems other than Linux.</param>
internal readonly record struct FileStatus((ulong Device, ulong Number) Identity, long Size, long Modified, uint? Owner, uint Names, int Mode)
{
    private const int TypeMask = 0xF000;

    public bool IsRegularFile => Mode == 0 || (Mode & TypeMask) == 0x8000;

    public bool IsLink => (Mode & TypeMask) == 0xA000;

    /// <summary>Whether users other than the owner may write to it.</summary>
    public bool IsWritableByOthers => (Mode & 0x12) != 0;

    /// <summary>Whether only the owners of this directory's entries can remove them.</summary>
    public bool IsSticky => (Mode & 0x200) != 0;

    /// <summary>Reads the state of a path. A link at its end is followed only on request.</summary>
    /// <returns>Null if the path does not exist.</returns>
    /// <exception cref="IOException">The system cannot read the state.</exception>
    public static FileStatus? Read(string path, bool followLink = false)
    {
        if (OperatingSystem.IsLinux())
            return ReadLinux(path, followLink);
        var file = new FileInfo(path);
        return file.Exists ? new(default, file.Length, file.LastWriteTimeUtc.Ticks, Owner: null, Names: 1, Mode: 0) : null;
    }

    private static FileStatus? ReadLinux(string path, bool followLink)
    {
        if (Linux.Stat(Linux.CurrentDirectory, path, followLink ? 0 : Linux.NoFollow, Linux.BasicStats, out var found) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is Linux.NoEntry or Linux.NotADirectory ? null : throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        return new(
            (((ulong)found.DeviceMajor << 32) | found.DeviceMinor, found.Inode),
            found.Size, unchecked((found.ModifiedSeconds * 1_000_000_000) + found.ModifiedNanoseconds), found.Owner, found.Names, found.Mode);
    }
}
