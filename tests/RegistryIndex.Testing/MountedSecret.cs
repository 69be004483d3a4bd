using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Testing;

/// <summary>A directory of files as the kubelet mounts a Secret: each is a link through <c>..data</c>, which an update swaps for all at once.</summary>
public sealed class MountedSecret : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private int _version;

    /// <summary>Where a file appears.</summary>
    public string PathOf(string file) => Path.Combine(_directory.Path, file);

    /// <summary>Writes all files of the next version and puts them in place of those before.</summary>
    public async Task UpdateAsync(params (string File, string Text)[] files)
    {
        var version = $"..v{++_version}";
        Directory.CreateDirectory(PathOf(version));
        foreach (var (file, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(PathOf(version), file), text);
            if (!Path.Exists(PathOf(file)))
                File.CreateSymbolicLink(PathOf(file), Path.Combine("..data", file));
        }

        File.CreateSymbolicLink(PathOf("..data_tmp"), version);
        var swap = await ProcessRunner.RunAsync("mv", ["-T", PathOf("..data_tmp"), PathOf("..data")]); // rename(2), which File.Move does not do to a link to a directory
        if (swap.ExitCode != 0)
            throw new InvalidOperationException(swap.Stderr);
        foreach (var old in Directory.GetDirectories(_directory.Path, "..v*").Where(old => Path.GetFileName(old) != version))
            Directory.Delete(old, recursive: true);
    }

    public void Dispose() => _directory.Dispose();
}
