using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using RegistryIndex.Server.Tests.Conformance;
using RegistryIndex.Server.Tests.Hosting;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>What <c>/readyz</c> answers to which clients.</summary>
public sealed class ReadinessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_readiness_shows_why_the_first_load_fails_until_it_succeeds()
    {
        var storage = Path.Combine(_directory.Path, "storage");
        await using var server = await RunningServer.StartAsync(("storage_path", storage), ("Logging:LogLevel:Default", "None"));
        await UntilAsync(server, answer => answer["problem"]?.GetValue<string>() == $"The first load fails: The directory '{storage}' does not exist: set storage_path to the directory that contains docker/registry/v2 (distribution) or repositories (Python docker-registry).");
        (await server.Client.GetAsync("/readyz", Stop)).StatusCode.Should().Be(HttpStatusCode.OK, "searches are answered");

        var repository = Directory.CreateDirectory(Path.Combine(storage, "repositories", "library", "app")).FullName;
        await File.WriteAllTextAsync(Path.Combine(repository, "_index_images"), "[]", Stop);
        await UntilAsync(server, answer => answer["problem"] is null && answer["first_load"]!.GetValue<string>() == "done");
    }

    [Fact]
    public async Task The_server_is_not_ready_while_the_index_is_unreachable()
    {
        await using var server = await RunningServer.StartUnreadyAsync(
            ("sqlalchemy_index_database", "postgresql://nobody:secret@127.0.0.1:9/index"), ("Logging:LogLevel:Default", "None"));
        await UntilAsync(server, answer => answer["problem"]?.GetValue<string>() == "The start of the index fails: The index cannot be reached; see the server's log.");
        (await server.Client.GetAsync("/readyz", Stop)).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task The_server_is_not_ready_until_its_own_first_searches_are_answered()
    {
        BlockingIndex.Hold(_directory.Path);
        await using var server = await RunningServer.StartUnreadyAsync(("search_backend", ForgetfulProvider.Name), (BlockingIndex.Key, _directory.Path), ("Logging:LogLevel:Default", "None"));
        await Eventually.BeAsync(() => BlockingIndex.Count(_directory.Path, "read") == 1);
        using var answer = await server.Client.GetAsync("/readyz", Stop);
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(Stop)).Should().Contain("starting");

        BlockingIndex.Release(_directory.Path);
        await UntilAsync(server, node => node["status"]!.GetValue<string>() == "ready");
    }

    [Fact]
    public async Task With_a_login_the_details_need_it_and_the_status_does_not()
    {
        var users = Path.Combine(_directory.Path, "htpasswd");
        await File.WriteAllTextAsync(users, $"alice:{BCrypt.Net.BCrypt.HashPassword("wonderland", workFactor: 4)}\n", Stop);
        await using var server = await RunningServer.StartAsync(("htpasswd", users), ("storage_path", "/nowhere/at/all"), ("Logging:LogLevel:Default", "None"));
        using var anonymous = await server.Client.GetAsync("/readyz", Stop);
        anonymous.StatusCode.Should().Be(HttpStatusCode.OK);
        (await anonymous.Content.ReadAsStringAsync(Stop)).Should().Be("""{"status":"ready","details":"Log in to see them."}""");

        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("alice:wonderland")));
        await UntilAsync(server, answer => answer["problem"]?.GetValue<string>().Contains("/nowhere/at/all", StringComparison.Ordinal) == true && answer["following"] is JsonObject);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task UntilAsync(RunningServer server, Func<JsonNode, bool> says) => Eventually.BeAsync(async () =>
    {
        using var answer = await server.Client.GetAsync("/readyz", Stop);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop)) is { } node && says(node);
    });
}
