using RegistryIndex.Deployment.Tests.Images;
using RegistryIndex.Deployment.Tests.Releases;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

[assembly: AssemblyFixture(typeof(Release))]

namespace RegistryIndex.Deployment.Tests.Releases;

/// <summary>What <c>eng/release.sh --quick</c> makes, and its archive unpacked: once for all tests.</summary>
public sealed class Release : IAsyncLifetime
{
    private const string Version = "0.1.0";
    private readonly TemporaryDirectory _directory = new();

    /// <summary>Where the files of the release are.</summary>
    public string Files { get; private set; } = "";

    /// <summary>The archive of the program for Linux.</summary>
    public string Archive => Path.Combine(Files, $"registry-index-{Version}-linux-x64.tar.gz");

    /// <summary>The bill of materials.</summary>
    public string Materials => Path.Combine(Files, $"registry-index-{Version}.cdx.json");

    /// <summary>Where the archive is unpacked.</summary>
    public string Unpacked => Path.Combine(_directory.Path, $"registry-index-{Version}-linux-x64");

    /// <summary>The program in it.</summary>
    public string Program => Path.Combine(Unpacked, "registry-index");

    public async ValueTask InitializeAsync()
    {
        Files = Environment.GetEnvironmentVariable("REGISTRYINDEX_TEST_RELEASE") is { Length: > 0 } there ? there : Path.Combine(_directory.Path, "release"); // where test.sh has made it
        if (!File.Exists(Archive))
            await ServerImage.RunAsync(Checkout.PathOf("eng", "release.sh"), Version, "--quick", Files);
        await ServerImage.RunAsync("tar", "-xzf", Archive, "-C", _directory.Path);
        await ServerImage.RunAsync("chmod", "755", _directory.Path); // a service has a user of its own
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
