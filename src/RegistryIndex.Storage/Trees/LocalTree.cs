using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace RegistryIndex.Storage.Trees;

/// <summary>A directory of the local disk, or of what is mounted like one.</summary>
internal sealed class LocalTree(string path) : IStorageTree
{
    // The defaults of enumeration leave out what is hidden and what may not be read.
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    public string Location { get; } = Path.GetFullPath(path);

    // More would only be worth their memory on a slow network.
    public int AtATime => 4;

    public Task<IReadOnlyList<TreeEntry>?> ListAsync(string path, CancellationToken cancellationToken) =>
        Task.Run(() => List(Path.Join(Location, path)), cancellationToken); // the system has no asynchronous listing, and a network mount may be slow

    public async Task<TreeFile?> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        var file = Path.Join(Location, path);
        try
        {
            using var handle = File.OpenHandle(file, options: FileOptions.Asynchronous, share: FileShare.ReadWrite | FileShare.Delete);
            var modified = File.GetLastWriteTimeUtc(handle);
            var length = RandomAccess.GetLength(handle);
            return new(length > limit ? null : await ReadAsync(handle, (int)length, cancellationToken), modified);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("file", file, error);
        }
    }

    private static async Task<byte[]> ReadAsync(SafeFileHandle handle, int length, CancellationToken cancellationToken)
    {
        var content = new byte[length];
        var read = 0;
        while (read < length && await RandomAccess.ReadAsync(handle, content.AsMemory(read), read, cancellationToken) is > 0 and var more)
            read += more;
        return content[..read]; // shorter where somebody cut the file meanwhile: then it is no JSON, and that is reported
    }

    private static IReadOnlyList<TreeEntry>? List(string directory)
    {
        try
        {
            return [.. new FileSystemEnumerable<TreeEntry>(directory, (ref entry) => new(entry.FileName.ToString(), entry.IsDirectory), Everything)];
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("directory", directory, error);
        }
    }

    private static StorageException Unreadable(string what, string path, Exception error) => new(
        $"The {what} '{path}' of the registry's storage cannot be read ({error.Message.TrimEnd('.')}): see that the disk is well and the server's user may read it.", error)
    {
        IsOfOneFile = what == "file",
    };
}
