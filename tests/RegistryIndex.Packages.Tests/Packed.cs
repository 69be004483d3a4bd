using System.Reflection;
using RegistryIndex.Packages.Tests;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

[assembly: AssemblyFixture(typeof(Packed))]

namespace RegistryIndex.Packages.Tests;

/// <summary>
/// The packages as <c>dotnet pack</c> makes them, under a version that nobody has seen, in a folder of their own; and a
/// machine of an outsider who has them: settings, packages and tools apart from ours, nothing of our build in reach.
/// </summary>
public sealed class Packed : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>The version of this run's packages.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():n}";

    /// <summary>Where the packages are.</summary>
    public string Feed => Path.Combine(_directory.Path, "feed");

    /// <summary>Where the outsider works.</summary>
    public string Home => Path.Combine(_directory.Path, "home");

    public async ValueTask InitializeAsync()
    {
        var configuration = typeof(Packed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Configuration").Value!;
        await Dotnet.RunAsync(Checkout.PathOf(), "pack", "RegistryIndex.sln", "--configuration", configuration, "--no-build", "--output", Feed, $"-p:Version={Version}", "-v", "quiet", "-nodeReuse:false");

        // Beside the machine's own sources, and what it has from them already: no download twice, and none of ours among it.
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

    /// <summary>Whether a file is of Microsoft.Identity.Client.NativeInterop, whose native library has a licence that does not let us ship it.</summary>
    public static bool MayNotBePassedOn(string name) =>
        name.Contains("msalruntime", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Microsoft.Identity.Client.NativeInterop", StringComparison.OrdinalIgnoreCase);

    /// <summary>Runs dotnet as the outsider.</summary>
    public Task<ProcessResult> AsOutsiderAsync(string folder, params string[] arguments) =>
        Dotnet.RunAsync(Path.Combine(Home, folder), arguments, ("NUGET_PACKAGES", Path.Combine(Home, "packages")));
}
