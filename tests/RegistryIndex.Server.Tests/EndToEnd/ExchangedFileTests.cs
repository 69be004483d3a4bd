using System.Net;
using System.Text.Json.Nodes;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary>The SQLite file of a running server is deleted, moved away, or replaced.</summary>
public sealed class ExchangedFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ExchangedFileTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Only on Linux it is noticed; Windows does not let go of a file that is open.");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Index => Path.Combine(_directory.Path, "index.db");

    private string Other => Path.Combine(_directory.Path, "other.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_server_whose_file_is_deleted_is_not_ready_until_an_index_exists_again()
    {
        await ImportAsync(Index, "first/app");
        await using var server = await ServeAsync();
        await ShouldFindAsync(server, "first/app");
        foreach (var file in Directory.GetFiles(_directory.Path))
            File.Delete(file);
        await ShouldBeUnavailableAsync(server);
        Directory.EnumerateFileSystemEntries(_directory.Path).Should().BeEmpty("a server does not replace a lost index by an empty one");
        await server.WaitForAsync($"The database {Index} was deleted or moved away");
        server.Log.Split($"The database {Index} was deleted or moved away").Should().HaveCount(2, "it is said once: {0}", server.Log);

        await ImportAsync(Index, "second/app");
        await ShouldFindAsync(server, "second/app");
        (await StatusAsync(server, "/readyz")).Should().Be(HttpStatusCode.OK);
        await ShouldEndWellAsync(server);
    }

    [Fact]
    public async Task A_file_moved_away_and_back_is_used_again()
    {
        await ImportAsync(Index, "first/app");
        await using var server = await ServeAsync();
        File.Move(Index, Other);
        await ShouldBeUnavailableAsync(server);
        File.Move(Other, Index);
        await ShouldFindAsync(server, "first/app");
        (await StatusAsync(server, "/readyz")).Should().Be(HttpStatusCode.OK);
        await ShouldEndWellAsync(server);
    }

    [Fact]
    public async Task A_backup_moved_to_the_path_is_used_from_the_next_request()
    {
        await ImportAsync(Other, "second/app");
        await ImportAsync(Index, "first/app");
        await using var server = await ServeAsync();
        await ShouldFindAsync(server, "first/app");
        File.Move(Other, Index, overwrite: true);
        await ShouldFindAsync(server, "second/app");
        await server.WaitForAsync($"Another file has replaced the database {Index}, and is used from now on");
        await ShouldEndWellAsync(server);
        (await RegistryIndexProcess.RunAsync("export", "-f", "tsv", "--database", $"sqlite:///{Index}")).Stdout.Should().Be("second/app\n");
    }

    [Fact]
    public async Task A_file_that_is_not_an_index_is_not_changed_and_the_server_is_not_ready()
    {
        await ImportAsync(Index, "first/app");
        await using var server = await ServeAsync();
        await File.WriteAllTextAsync(Other, string.Concat(Enumerable.Repeat("This is no database. ", 500)), Stop);
        File.Move(Other, Index, overwrite: true);
        await ShouldBeUnavailableAsync(server);
        (await File.ReadAllTextAsync(Index, Stop)).Should().StartWith("This is no database. ");
        await ImportAsync(Other, "second/app");
        File.Move(Other, Index, overwrite: true);
        await ShouldFindAsync(server, "second/app");
        (await StatusAsync(server, "/readyz")).Should().Be(HttpStatusCode.OK);
        await ShouldEndWellAsync(server);
    }

    private Task<RegistryIndexProcess> ServeAsync() => ServeReadyAsync(["--database", $"sqlite:///{Index}"]);

    private static async Task<RegistryIndexProcess> ServeReadyAsync(string[] arguments)
    {
        var server = await RegistryIndexProcess.ServeAsync(arguments);
        await Eventually.BeAsync(async () => await StatusAsync(server, "/readyz") == HttpStatusCode.OK, () => server.Log);
        return server;
    }

    private static async Task ShouldBeUnavailableAsync(RegistryIndexProcess server)
    {
        using var client = new HttpClient();
        for (var i = 0; i < 2; i++)
        {
            using var readiness = await client.GetAsync($"http://{server.Address}/readyz", Stop);
            readiness.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            JsonNode.Parse(await readiness.Content.ReadAsStringAsync(Stop))!["status"]!.GetValue<string>().Should().Be("unavailable");
            foreach (var path in (string[])["/v1/search?q=", "/v1/search?q=app", "/v2/_catalog"])
                (await StatusAsync(server, path)).Should().Be(HttpStatusCode.ServiceUnavailable, "an empty answer would look like an empty index");
            (await StatusAsync(server, "/healthz")).Should().Be(HttpStatusCode.OK);
        }
    }

    private static async Task ShouldFindAsync(RegistryIndexProcess server, string name)
    {
        using var client = new HttpClient();
        var answer = JsonNode.Parse(await client.GetStringAsync($"http://{server.Address}/v1/search?q=", Stop))!;
        answer["results"]!.AsArray().Select(one => one!["name"]!.GetValue<string>()).Should().Equal(name);
    }

    private static async Task<HttpStatusCode> StatusAsync(RegistryIndexProcess server, string path)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync($"http://{server.Address}{path}", Stop);
        return answer.StatusCode;
    }

    private static async Task ImportAsync(string file, string name)
    {
        var result = await RegistryIndexProcess.RunWithInputAsync($"{name}\t\n", "import", "-", "--database", $"sqlite:///{file}");
        result.ExitCode.Should().Be(0, result.Stderr);
    }

    private static async Task ShouldEndWellAsync(RegistryIndexProcess server)
    {
        (await server.StopAsync()).Should().Be(0);
        server.Log.Should().NotContain("   at ");
    }
}
