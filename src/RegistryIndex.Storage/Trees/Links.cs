using RegistryIndex.Files;

namespace RegistryIndex.Storage.Trees;

/// <summary>
/// Says which links in a directory are followed: those that stay below it, and of several on the way to a directory the first, as a few
/// links that lead to each other could make paths without number.
/// </summary>
/// <param name="root">The directory, which may itself be a link, also one that is swapped.</param>
internal sealed class Links(string root)
{
    private volatile string? _realRoot;

    public string Root => root;

    /// <exception cref="LeadsOutException">A link leads out of it.</exception>
    public void CheckFile(string path) => CheckIsWithin(path);

    /// <exception cref="LeadsOutException">A link leads out of it.</exception>
    /// <exception cref="NotPlainException">It is another link that is not followed.</exception>
    public void CheckDirectory(string path)
    {
        var (real, realRoot) = CheckIsWithin(path);
        if (path.Length == 0 || real == Path.Join(realRoot, path))
            return;
        var slash = path.LastIndexOf('/');
        var (parent, name) = slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
        var realParent = RealPath.Of(Path.Join(root, parent));
        if (real == Path.Join(realParent, name))
            return; // no link itself
        if (IsWithin(realParent, real))
            throw new NotPlainException("it is a link that leads in a circle, and is not followed");
        if (realParent != Path.Join(realRoot, parent).TrimEnd('/'))
            throw new NotPlainException("it is a link behind another one, and is not followed");
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
