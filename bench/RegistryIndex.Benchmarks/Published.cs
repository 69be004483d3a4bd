using System.Runtime.InteropServices;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Benchmarks;

/// <summary>Publishes the server as the README describes, for this machine.</summary>
internal static class Published
{
    /// <returns>The path of the program.</returns>
    public static async Task<string> PublishAsync(string to)
    {
        if (Environment.GetEnvironmentVariable("REGISTRYINDEX_TEST_PUBLISHED") is { Length: > 0 } there) // test.sh has published it
            return Path.Combine(there, "registry-index");
        string[] arguments = ["publish", Checkout.PathOf("src", "RegistryIndex.Server"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", to, "--artifacts-path", $"{to}-artifacts", "-nodeReuse:false"];
        var published = await ProcessRunner.RunAsync("dotnet", arguments);
        return published.ExitCode == 0 ? Path.Combine(to, "registry-index") : throw new InvalidOperationException($"dotnet publish ended with exit code {published.ExitCode}: {published.Stdout}");
    }
}
