using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Testing;

/// <summary>A directory like a Secret mounted by the kubelet: each file is a link through <c>..data</c>, which an update swaps for all.</summary>
public sealed class MountedSecret : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private int _version;

    /// <summary>The path of a file.</summary>
    public string PathOf(string file) => Path.Combine(_directory.Path, file);

    /// <summary>Writes all files of the next version, and replaces those of the previous one.</summary>
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
        var swap = await ProcessRunner.RunAsync("mv", ["-T", PathOf("..data_tmp"), PathOf("..data")]); // rename(2), because File.Move does not replace a link to a directory
        if (swap.ExitCode != 0)
            throw new InvalidOperationException(swap.Stderr);
        foreach (var old in Directory.GetDirectories(_directory.Path, "..v*").Where(old => Path.GetFileName(old) != version))
            Directory.Delete(old, recursive: true);
    }

    public void Dispose() => _directory.Dispose();
}
