using RegistryIndex.Testing;
using RegistryIndex.Testing.PostgreSql;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Deployment.Tests.Releases;

/// <summary>The program of the archive: one file, with the runtime in it.</summary>
public sealed class ProgramTests(Release release) : IDisposable
{
    private readonly TemporaryDirectory _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_program_searches_the_sample_registry_on_SQLite_without_NET_installed()
    {
        string[] nowhere = ["DOTNET_ROOT=/nowhere", $"HOME={_home.Path}"];
        await using var server = await RegistryIndexProcess.ServePublishedAsync(release.Program, nowhere, "--storage-path", Path.Combine(release.Unpacked, "sample"), "--database", $"sqlite:///{_home.Path}/index.db");
        using var client = new HttpClient();
        await Eventually.BeAsync(async () =>
        {
            using var answer = await client.GetAsync(new Uri($"http://{server.Address}/v1/search?q=web"), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains("team/shop/web", StringComparison.Ordinal);
        });
        (await server.StopAsync()).Should().Be(0, server.Log);
        Directory.GetFileSystemEntries(_home.Path).Select(Path.GetFileName).Should().AllSatisfy(name => name.Should().StartWith("index.db", "the program runs without unpacking files"));
    }

    [Fact]
    public async Task The_program_includes_PostgreSQL()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyNot is not null && !PostgreSqlServer.IsRequired, PostgreSqlServer.WhyNot ?? "");
        await using var database = await PostgreSqlServer.StartAsync();
        await ImportAndSearchAsync("--database", database.UrlOf("postgres"));
    }

    [Fact]
    public async Task The_program_includes_SQL_Server()
    {
        var search = await ProcessRunner.RunAsync("env", ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0", release.Program, "search", "shop", "--database", "mssql://sa:secret@127.0.0.1:1/index"], TestContext.Current.CancellationToken);
        search.ExitCode.Should().Be(1);
        search.Stderr.Should().Contain("the server cannot be reached", "the driver has tried it");
    }

    [Fact]
    public async Task The_program_loads_a_provider_of_a_third_party()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var plugIn = Checkout.PathOf("samples", "CustomProvider", "bin", configuration, "net10.0", "Acme.RegistryIndex.Files.dll");
        await ImportAndSearchAsync("--search-backend", plugIn, "--set", $"acme_files_directory={_home.Path}/acme");
    }

    private async Task ImportAndSearchAsync(params string[] index)
    {
        var rows = Path.Combine(_home.Path, "rows.tsv");
        await File.WriteAllTextAsync(rows, "team/shop/web\tThe front end\n", TestContext.Current.CancellationToken);
        var import = await ProcessRunner.RunAsync(release.Program, ["import", rows, .. index], TestContext.Current.CancellationToken);
        import.ExitCode.Should().Be(0, import.Stderr);
        (await ProcessRunner.RunAsync(release.Program, ["search", "shop", .. index], TestContext.Current.CancellationToken)).Stdout.Should().Be("team/shop/web\tThe front end\n");
    }
}
