using System.IO.Compression;
using System.Text;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Packages.Tests;

/// <summary>A debugger finds the sources of our packages if the checkout has a remote.</summary>
public sealed class SourceLinkTests
{
    [Fact]
    public async Task Symbols_refer_to_the_sources_of_the_commit()
    {
        Assert.SkipUnless(Path.Exists(Checkout.PathOf(".git")), "The checkout is no git repository.");
        using var directory = new TemporaryDirectory();
        var clone = Path.Combine(directory.Path, "clone");
        await GitAsync("clone", "--quiet", "--shared", Checkout.PathOf(), clone);
        await GitAsync("-C", clone, "remote", "set-url", "origin", "https://github.com/example/registry-index.git");
        await Dotnet.RunAsync(clone, "pack", "src/RegistryIndex.Abstractions", "--configuration", "Release", "--output", directory.Path, "-v", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false");

        using var symbols = ZipFile.OpenRead(Directory.GetFiles(directory.Path, "*.snupkg").Single());
        using var pdb = new MemoryStream();
        await using (var entry = await symbols.Entries.Single(entry => entry.Name.EndsWith(".pdb", StringComparison.Ordinal)).OpenAsync(TestContext.Current.CancellationToken))
            await entry.CopyToAsync(pdb, TestContext.Current.CancellationToken);
        Encoding.UTF8.GetString(pdb.ToArray()).Should().Contain("https://raw.githubusercontent.com/example/registry-index/");
    }

    private static async Task GitAsync(params string[] arguments)
    {
        var result = await Dotnet.RunProgramAsync("git", Path.GetTempPath(), arguments);
        result.ExitCode.Should().Be(0, result.Stderr);
    }
}
