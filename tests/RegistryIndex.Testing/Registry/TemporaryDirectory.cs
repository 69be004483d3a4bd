namespace RegistryIndex.Testing.Registry;

/// <summary>A new directory that is deleted at the end of the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("registry-index-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
