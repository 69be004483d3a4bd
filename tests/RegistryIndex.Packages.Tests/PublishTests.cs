using System.Globalization;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Packages.Tests;

/// <summary>The server, published as the README describes, for a machine without an SDK.</summary>
public sealed class PublishTests : IDisposable
{
    private static readonly string[] Database = ["--database", "sqlite:///index.db"];
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task The_published_program_runs_and_is_compiled_ahead_of_time()
    {
        var to = await PublishAsync();
        var program = Path.Combine(to, "registry-index");
        await ImportAsync(program);
        (await Dotnet.RunProgramAsync(program, _directory.Path, ["search", "shop", .. Database])).Stdout.Should().Be("team/shop/web\tThe front end\n");
        foreach (var assembly in new[] { "registry-index.dll", "RegistryIndex.EfCore.dll", "AWSSDK.DynamoDBv2.dll" })
        {
            using var file = new PEReader(File.OpenRead(Path.Combine(to, assembly)));
            file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size.Should().BePositive("{0} holds machine code", assembly);
        }
    }

    [Fact]
    public async Task The_published_program_contains_only_redistributable_files()
    {
        var published = Directory.EnumerateFiles(await PublishAsync(), "*", SearchOption.AllDirectories).Select(Path.GetFileName).ToList();
        published.Should().Contain("Microsoft.Data.SqlClient.dll").And.NotContain(name => PackedPackages.MayNotBePassedOn(name!));
    }

    [Fact]
    public async Task Once_the_server_is_ready_the_first_search_compiles_almost_no_methods()
    {
        var program = Path.Combine(await PublishAsync(), "registry-index");
        await ImportAsync(program);
        var count = Path.Combine(_directory.Path, "compiled");
        await using var server = await RegistryIndexProcess.ServePublishedAsync(
            program,
            [
                $"DOTNET_ROOT={Dotnet.Root}", $"DOTNET_STARTUP_HOOKS={typeof(StartupHook).Assembly.Location}", $"{StartupHook.Variable}={count}",
                "DOTNET_TC_CallCounting=0", // otherwise the runtime compiles frequently called methods again at any time
            ],
            "--database", $"sqlite:///{_directory.Path}/index.db");
        using var client = new HttpClient { BaseAddress = new($"http://{server.Address}") };
        await Eventually.BeAsync(async () => (await client.GetAsync("/readyz", Stop)).IsSuccessStatusCode);

        var before = await CountAsync();
        (await client.GetStringAsync("/v1/search?q=front", Stop)).Should().Contain("team/shop/web");
        var compiled = await CountAsync() - before;
        compiled.Should().BeInRange(0, 20);

        async Task<int> CountAsync()
        {
            await File.WriteAllTextAsync($"{count}.asked", "", Stop);
            await Eventually.BeAsync(() => !File.Exists($"{count}.asked"));
            return int.Parse(await File.ReadAllTextAsync(count, Stop), CultureInfo.InvariantCulture);
        }
    }

    /// <returns>The directory.</returns>
    private async Task<string> PublishAsync()
    {
        const string Line = "dotnet publish src/RegistryIndex.Server -c Release -r linux-x64 -o artifacts/registry-index";
        (await File.ReadAllTextAsync(Checkout.PathOf("README.md"), Stop)).Should().Contain(Line);
        if (Environment.GetEnvironmentVariable("REGISTRYINDEX_TEST_PUBLISHED") is { Length: > 0 } there) // test.sh has published it
            return there;
        var to = Path.Combine(_directory.Path, "registry-index");
        var arguments = Line.Replace("artifacts/registry-index", to, StringComparison.Ordinal).Replace("linux-x64", RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal).Split(' ')[1..];
        await Dotnet.RunAsync(Checkout.PathOf(), [.. arguments, "--artifacts-path", Path.Combine(_directory.Path, "artifacts"), "-nodeReuse:false"]);
        return to;
    }

    private async Task ImportAsync(string program)
    {
        var rows = Path.Combine(_directory.Path, "rows.tsv");
        await File.WriteAllTextAsync(rows, "team/shop/web\tThe front end\n", Stop);
        (await Dotnet.RunProgramAsync(program, _directory.Path, ["import", rows, .. Database])).ExitCode.Should().Be(0);
    }

    public void Dispose() => _directory.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
