using System.Runtime.InteropServices;

namespace RegistryIndex.EfCore.Sqlite.Files;

/// <summary>What the file system says of a path.</summary>
/// <param name="Identity">Which file it is: another one, or one that was made anew, has another. Zero where only Linux would tell.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Modified">When it was last written, in a unit of the system's.</param>
/// <param name="Owner">The user that it belongs to; null where only Linux would tell.</param>
/// <param name="Names">By how many names (hard links) it can be reached; 1 where only Linux would tell.</param>
/// <param name="Mode">Type and permissions as Unix has them; 0 where only Linux would tell.</param>
internal readonly record struct FileStatus((ulong Device, ulong Number) Identity, long Size, long Modified, uint? Owner, uint Names, int Mode)
{
    private const int TypeMask = 0xF000;

    public bool IsRegularFile => Mode == 0 || (Mode & TypeMask) == 0x8000;

    public bool IsLink => (Mode & TypeMask) == 0xA000;

    /// <summary>Whether anybody but the owner may write.</summary>
    public bool IsWritableByOthers => (Mode & 0x12) != 0;

    /// <summary>Whether entries of this directory can only be removed by those whom they belong to.</summary>
    public bool IsSticky => (Mode & 0x200) != 0;

    /// <summary>Looks at a path; a link at its end is not followed unless told to.</summary>
    /// <returns>Null where nothing is there.</returns>
    /// <exception cref="IOException">The system does not tell.</exception>
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
