namespace RegistryIndex.Testing.Registry;

/// <summary>The storage of a registry in samples/registry.</summary>
public static class SampleRegistry
{
    /// <summary>Its directory, in a parent directory of the tests.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var path = System.IO.Path.Combine(directory.FullName, "samples", "registry");
            if (Directory.Exists(path))
                return path;
        }

        throw new InvalidOperationException($"There is no samples/registry above {AppContext.BaseDirectory}: run the tests from a whole checkout.");
    }
}
