using System.Reflection;
using RegistryIndex.Packages.Tests;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

[assembly: AssemblyFixture(typeof(PackedPackages))]

namespace RegistryIndex.Packages.Tests;

/// <summary>
/// The packages of <c>dotnet pack</c>, with a version that exists nowhere else, in a folder of their own, and the environment of an
/// outsider who uses them: separate settings, packages and tools, without access to our build.
/// </summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>The version of this run's packages.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():n}";

    /// <summary>The folder of the packages.</summary>
    public string Feed => Path.Combine(_directory.Path, "feed");

    /// <summary>The working directory of the outsider.</summary>
    public string Home => Path.Combine(_directory.Path, "home");

    public async ValueTask InitializeAsync()
    {
        var configuration = typeof(PackedPackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Configuration").Value!;
        await Dotnet.RunAsync(Checkout.PathOf(), "pack", "RegistryIndex.sln", "--configuration", configuration, "--no-build", "--output", Feed, $"-p:Version={Version}", "-v", "quiet", "-nodeReuse:false");

        // In addition to the machine's own sources and its package folder, to avoid downloads. That folder contains none of our packages.
        Directory.CreateDirectory(Home);
        await File.WriteAllTextAsync(Path.Combine(Home, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="packed" value="{Feed}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{Dotnet.PackagesOfMachine}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether a file belongs to Microsoft.Identity.Client.NativeInterop, whose native library we may not redistribute.</summary>
    public static bool MayNotBePassedOn(string name) =>
        name.Contains("msalruntime", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Microsoft.Identity.Client.NativeInterop", StringComparison.OrdinalIgnoreCase);

    /// <summary>Runs dotnet as the outsider.</summary>
    public Task<ProcessResult> AsOutsiderAsync(string folder, params string[] arguments) =>
        Dotnet.RunAsync(Path.Combine(Home, folder), arguments, ("NUGET_PACKAGES", Path.Combine(Home, "packages")));
}
