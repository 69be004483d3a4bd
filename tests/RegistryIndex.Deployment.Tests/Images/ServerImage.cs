using RegistryIndex.Deployment.Tests.Images;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

[assembly: AssemblyFixture(typeof(ServerImage))]

namespace RegistryIndex.Deployment.Tests.Images;

/// <summary>The server's image on a base of Debian packages, built by <c>eng/image.sh</c> once for all tests.</summary>
public sealed class ServerImage : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>The name of the loaded image in Docker's engine. Podman adds localhost/ in front of it.</summary>
    public const string Name = "registry-index:0.1.0";

    /// <summary>The archive that engines load.</summary>
    public string Archive { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Archive = Environment.GetEnvironmentVariable("REGISTRYINDEX_TEST_IMAGE") is { Length: > 0 } there ? there : Path.Combine(_directory.Path, "registry-index.tar"); // test.sh has built it
        if (!File.Exists(Archive))
            await RunAsync(Checkout.PathOf("eng", "image.sh"), "--debian", Archive, "--artifacts-path", Path.Combine(_directory.Path, "artifacts"), "-nodeReuse:false");
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">The exit code is not 0.</exception>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync(program, arguments, TestContext.Current.CancellationToken);
        return result.ExitCode == 0 ? result.Stdout : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Stdout}{result.Stderr}");
    }
}
