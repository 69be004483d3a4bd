using System.Text.Json.Nodes;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>The setting <c>registry</c> is the address of a server that is not a registry. A sync then never removes anything.</summary>
public sealed class NoRegistryTests : IDisposable
{
    private static readonly string[][] Syncs = [["sync"], ["sync", "--dry-run", "--force"], ["sync", "--force"]];

    private readonly TemporaryDirectory _directory = new();

    private string Database => $"sqlite:///{_directory.Path}/index.db";

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_address_of_another_index_is_recognized_with_and_without_a_login(bool needsLogin)
    {
        await FillAsync();
        var users = Path.Combine(_directory.Path, "htpasswd");
        await File.WriteAllTextAsync(users, $"alice:{BCrypt.Net.BCrypt.HashPassword("wonderland", workFactor: 4)}\n");
        await using var other = await RunningServer.StartAsync([.. needsLogin ? [("htpasswd", users)] : Array.Empty<(string, string)>(), ("Logging:LogLevel:Default", "None")]);
        await other.Index.UpsertAsync(new("team/app-0"));
        var address = other.Client.BaseAddress!.ToString().TrimEnd('/');
        foreach (var login in (string[][])[[], ["--set", "registry_username=alice", "--set", "registry_password=wonderland"]])
            await ExpectRefusalAsync(address, $"The address {address} belongs to a search index such as this one, not to a registry: set registry to the address of the registry itself.", login);
    }

    [Fact]
    public async Task The_servers_own_address_is_recognized_and_reported_by_readyz()
    {
        await FillAsync();
        var port = FreePort.Find();
        var address = $"http://127.0.0.1:{port}";
        await using var server = await RegistryIndexProcess.ServeAtAsync(address, "--database", Database, "--registry", address);
        using var http = new HttpClient { BaseAddress = new(address) };
        await Eventually.BeAsync(
            async () =>
            {
                using var answer = await http.GetAsync("/readyz");
                return answer.IsSuccessStatusCode && JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["following"]!["problem"]?.GetValue<string>().StartsWith($"The address {address} belongs to a search index", StringComparison.Ordinal) == true;
            },
            () => server.Log);
        await ExpectRefusalAsync(address, $"The address {address} belongs to a search index");
    }

    [Theory]
    [InlineData("text/html", "<!doctype html><title>Welcome</title>", "a web page|not the expected JSON")]
    [InlineData("text/html", "\ufeff<html>Welcome</html>", "a web page|not the expected JSON")]
    [InlineData("text/plain", "It works!", "not the expected JSON")]
    [InlineData("application/json", "{}", "without repositories")]
    public async Task A_web_server_that_answers_every_request_is_not_accepted_as_a_registry(string type, string page, string problem)
    {
        await FillAsync();
        var port = FreePort.Find();
        await using var nginx = await Nginx.StartAsync($"server {{ listen 127.0.0.1:{port}; location / {{ default_type {type}; return 200 '{page}'; }} }}", port);
        await ExpectRefusalAsync($"http://127.0.0.1:{port}", problem);
    }

    private async Task ExpectRefusalAsync(string registry, string problem, params string[] login)
    {
        foreach (var sync in Syncs)
        {
            var done = await RegistryIndexProcess.RunAsync([.. sync, "--database", Database, "--registry", registry, .. login]);
            done.ExitCode.Should().Be(1);
            done.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle().Which.Should().MatchRegex(problem).And.MatchRegex("set registry to|check that the setting registry");
            done.Stdout.Should().BeEmpty();
        }

        (await RegistryIndexProcess.RunAsync("export", "--database", Database)).Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(3);
    }

    private async Task FillAsync() =>
        (await RegistryIndexProcess.RunWithInputAsync("team/app-0\tone\nteam/app-1\ttwo\nteam/app-2\t\n", "import", "-", "--database", Database)).ExitCode.Should().Be(0);
}
