using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;
using RegistryIndex.Files;

namespace RegistryIndex.Storage.Trees;

/// <summary>A directory of the local disk, or of a mounted file system.</summary>
internal sealed class LocalTree(string path) : IStorageTree
{
    private const char Garbled = '\ufffd'; // replaces bytes that are not UTF-8: such a name cannot be opened
    private const int MostShown = 300;

    // By default, enumeration leaves out hidden entries and those that this user may not read.
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private readonly Links _links = new(Path.GetFullPath(path));

    public string Location => _links.Root;

    // More would be worth their memory only on a slow network.
    public int AtATime => 4;

    public Task<IReadOnlyList<TreeEntry>?> ListAsync(string path, CancellationToken cancellationToken) =>
        Task.Run(() => List(path), cancellationToken); // the system has no asynchronous listing, and a network mount may be slow

    public async Task<TreeFile?> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        try
        {
            _links.CheckFile(path);
            using var handle = PlainFile.Open(Path.Join(Location, path));
            var modified = File.GetLastWriteTimeUtc(handle);
            var length = RandomAccess.GetLength(handle);
            return new(length > limit ? null : await ReadAsync(handle, (int)length, cancellationToken), modified);
        }
        catch (Exception error) when (IsMissing(error))
        {
            CheckIsGone("file", path);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("file", path, error, isOfOnePlace: true);
        }
    }

    private static async Task<byte[]> ReadAsync(SafeFileHandle handle, int length, CancellationToken cancellationToken)
    {
        var content = new byte[length];
        var read = 0;
        while (read < length && await RandomAccess.ReadAsync(handle, content.AsMemory(read), read, cancellationToken) is > 0 and var more)
            read += more;
        return content[..read]; // shorter when another process cut the file meanwhile: the content is then not JSON, which is reported
    }

    private IReadOnlyList<TreeEntry>? List(string path)
    {
        var directory = Path.Join(Location, path);
        try
        {
            _links.CheckDirectory(path);
            return File.GetAttributes(directory + Path.DirectorySeparatorChar).HasFlag(FileAttributes.Directory)
                ? [.. new FileSystemEnumerable<TreeEntry>(directory, (ref entry) => new(entry.FileName.ToString(), IsDirectory(ref entry)), Everything)]
                : throw new NotPlainException("it is not a directory");
        }
        catch (Exception error) when (IsMissing(error) || error is DirectoryNotFoundException)
        {
            CheckIsGone("directory", path);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("directory", path, error, isOfOnePlace: error is NotPlainException or LeadsOutException or PathTooLongException or UnauthorizedAccessException);
        }
    }

    // A link that leads nowhere counts too: listing it shows that it is not a directory, and reports it.
    private static bool IsDirectory(ref FileSystemEntry entry) =>
        entry.IsDirectory || (entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && RealPath.LeadsNowhere(entry.ToFullPath()));

    private static bool IsMissing(Exception error) => error is FileNotFoundException || (error is DirectoryNotFoundException && OperatingSystem.IsWindows());

    /// <summary>Checks that what is missing does not exist: it may only be unreachable.</summary>
    private void CheckIsGone(string what, string path)
    {
        if (FindHindrance(path) is { } hindrance)
            throw Unreadable(what, path, new NotPlainException(hindrance), isOfOnePlace: true);
    }

    private string? FindHindrance(string path)
    {
        if (path.Contains(Garbled, StringComparison.Ordinal))
            return "its name is not UTF-8";
        for (var above = path; above.Length > 0; above = above[..Math.Max(above.LastIndexOf('/'), 0)])
        {
            var full = Path.Join(Location, above);
            if (new FileInfo(full).LinkTarget is not null && RealPath.LeadsNowhere(full))
                return above == path ? "it is a link whose target does not exist" : $"'{Shown(full)}' is a link whose target does not exist";
            if (File.Exists(full))
                return $"'{Shown(full)}' is not a directory";
        }

        return null;
    }

    private StorageException Unreadable(string what, string path, Exception error, bool isOfOnePlace) => new(
        $"The {what} '{Shown(Path.Join(Location, path))}' of the registry's storage cannot be read ({error.Message.TrimEnd('.')}): {Advice(path, error)}.", error)
    {
        IsOfOnePlace = isOfOnePlace,
    };

    private static string Advice(string path, Exception error) => error switch
    {
        LeadsOutException => "mount its target",
        NotPlainException when path.Length == 0 => $"set storage_path to {RegistryStorage.WhatStoragePathIs}",
        NotPlainException => "check that it is as the registry created it",
        _ => "check that the disk works and that the server's user may read it",
    };

    private static string Shown(string path) => RepositoryName.Shown(path, MostShown);
}
