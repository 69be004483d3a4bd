using RegistryIndex.Files;

namespace RegistryIndex.Storage.Trees;

/// <summary>
/// Decides which links in a directory are followed: those that stay below the directory, and only the first of several on the way to a
/// directory, as a few links that lead to each other could form an unlimited number of paths.
/// </summary>
/// <param name="root">The directory, which may itself be a link, even one that changes.</param>
internal sealed class Links(string root)
{
    private volatile string? _realRoot;

    public string Root => root;

    /// <exception cref="LeadsOutException">A link leads out of the directory.</exception>
    public void CheckFile(string path) => CheckIsWithin(path);

    /// <exception cref="LeadsOutException">A link leads out of the directory.</exception>
    /// <exception cref="NotPlainException">Another link on the way is not followed.</exception>
    public void CheckDirectory(string path)
    {
        var (real, realRoot) = CheckIsWithin(path);
        if (path.Length == 0 || real == Path.Join(realRoot, path))
            return;
        var slash = path.LastIndexOf('/');
        var (parent, name) = slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
        var realParent = RealPath.Of(Path.Join(root, parent));
        if (real == Path.Join(realParent, name))
            return; // not a link itself
        if (IsWithin(realParent, real))
            throw new NotPlainException("it is a link that forms a loop, and is not followed");
        if (realParent != Path.Join(realRoot, parent).TrimEnd('/'))
            throw new NotPlainException("it is the second link on its path, and is not followed");
    }

    private (string Real, string Root) CheckIsWithin(string path)
    {
        var real = RealPath.Of(Path.Join(root, path));
        if (_realRoot is not { } realRoot || !IsWithin(real, realRoot))
            _realRoot = realRoot = RealPath.Of(root);
        return IsWithin(real, realRoot) ? (real, realRoot) : throw new LeadsOutException();
    }

    private static bool IsWithin(string path, string directory) =>
        path == directory || path.StartsWith(directory.EndsWith(Path.DirectorySeparatorChar) ? directory : directory + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

/// <summary>A link leads out of the directory that is read.</summary>
internal sealed class LeadsOutException() : IOException("a link leads out of the storage, and is not followed");
