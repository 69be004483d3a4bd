using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Packages.Tests;

/// <summary>The server as the README has it published, for a machine that has no SDK.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task It_runs_as_a_program_and_is_compiled_beforehand()
    {
        const string Line = "dotnet publish src/RegistryIndex.Server -c Release -r linux-x64 -o artifacts/registry-index";
        (await File.ReadAllTextAsync(Checkout.PathOf("README.md"), TestContext.Current.CancellationToken)).Should().Contain(Line);
        var to = Environment.GetEnvironmentVariable("REGISTRYINDEX_TEST_PUBLISHED"); // where test.sh has done it
        if (string.IsNullOrEmpty(to))
        {
            to = Path.Combine(_directory.Path, "registry-index");
            var arguments = Line.Replace("artifacts/registry-index", to, StringComparison.Ordinal).Replace("linux-x64", RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal).Split(' ')[1..];
            await Dotnet.RunAsync(Checkout.PathOf(), [.. arguments, "--artifacts-path", Path.Combine(_directory.Path, "artifacts"), "-nodeReuse:false"]);
        }

        var program = Path.Combine(to, "registry-index");
        var rows = Path.Combine(_directory.Path, "rows.tsv");
        await File.WriteAllTextAsync(rows, "team/shop/web\tThe front end\n", TestContext.Current.CancellationToken);
        string[] database = ["--database", "sqlite:///index.db"];
        (await Dotnet.RunProgramAsync(program, _directory.Path, ["import", rows, .. database])).ExitCode.Should().Be(0);
        (await Dotnet.RunProgramAsync(program, _directory.Path, ["search", "shop", .. database])).Stdout.Should().Be("team/shop/web\tThe front end\n");
        foreach (var assembly in new[] { "registry-index.dll", "RegistryIndex.EfCore.dll", "AWSSDK.DynamoDBv2.dll" })
        {
            using var file = new PEReader(File.OpenRead(Path.Combine(to, assembly)));
            file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size.Should().BePositive("{0} holds machine code", assembly);
        }
    }

    public void Dispose() => _directory.Dispose();
}
