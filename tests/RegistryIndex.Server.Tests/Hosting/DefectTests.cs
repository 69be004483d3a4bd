using System.Net;
using System.Text.Json.Nodes;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Hosting;

/// <summary>Unexpected exceptions in the real executable cause one sentence and never end the server.</summary>
public sealed class DefectTests
{
    private static readonly string[] Provider = ["--search-backend", "RegistryIndex.Server.Tests"];

    [Theory]
    [InlineData("initialize", "The start of the index", 503)]
    [InlineData("first-load", "The first load", 200)]
    [InlineData("list", "The first load", 200)]
    [InlineData("import", "The first load", 200)]
    [InlineData("sync-log", "The re-sync", 200)]
    public async Task A_server_whose_background_work_fails_reports_it_and_continues(string member, string work, int status)
    {
        string[] storage = work == "The re-sync" ? ["--registry", "http://127.0.0.1:9"] : ["--storage-path", Checkout.PathOf("samples", "registry")];
        await using var server = await RegistryIndexProcess.ServeAsync([.. Provider, .. storage, "--set", $"{DefectiveIndex.Key}={member}"]);
        await server.WaitForAsync($"{work} failed and is retried in 00:00:02: This is a bug, please report it: NotSupportedException: The member '{member}' is not done yet.");
        using var client = new HttpClient { BaseAddress = new($"http://{server.Address}") };
        if (member != "first-load" && member != "sync-log") // the readiness endpoint itself reads these
        {
            using var answer = await client.GetAsync("/readyz", TestContext.Current.CancellationToken);
            ((int)answer.StatusCode).Should().Be(status);
            JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["problem"]!.GetValue<string>()
                .Should().Be($"{work} fails: The operation failed; see the server's log.");
        }

        using var search = await client.GetAsync("/v1/search?q=", TestContext.Current.CancellationToken);
        search.StatusCode.Should().Be(status == 503 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
        server.Log.Should().NotContain("   at ");
        (await server.StopAsync()).Should().Be(0);
    }

    [Theory]
    [InlineData("initialize")]
    [InlineData("list")]
    [InlineData("import")]
    [InlineData("sync-log")]
    public async Task Background_work_that_fails_twice_is_completed(string member)
    {
        await using var server = await RegistryIndexProcess.ServeAsync(
            [.. Provider, "--storage-path", Checkout.PathOf("samples", "registry"), "--set", $"{DefectiveIndex.Key}={member}", "--set", $"{DefectiveIndex.TimesKey}=2"]);
        using var client = new HttpClient { BaseAddress = new($"http://{server.Address}") };
        await server.WaitForAsync("Loaded: ");
        await Eventually.BeAsync(async () =>
            JsonNode.Parse(await (await client.GetAsync("/readyz", TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken)) is JsonObject answer
            && answer["problem"] is null && answer["first_load"]?.GetValue<string>() == "done");
        (await server.StopAsync()).Should().Be(0);
    }

    [Theory]
    [InlineData("search", "search", "a")]
    [InlineData("list", "export")]
    [InlineData("delete", "delete", "a")]
    [InlineData("initialize", "status")]
    public async Task A_command_fails_in_one_sentence_and_shows_the_stack_trace_on_request(string member, params string[] command)
    {
        string[] arguments = [.. command, .. Provider, "--set", $"{DefectiveIndex.Key}={member}"];
        var result = await RegistryIndexProcess.RunAsync(arguments);
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Be($"registry-index: This is a bug, please report it: NotSupportedException: The member '{member}' is not done yet. Logging:LogLevel:Default=Debug shows where it is.\n");

        result = await RegistryIndexProcess.RunAsync([.. arguments, "--set", "Logging:LogLevel:Default=Debug"]);
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("   at ").And.Contain(nameof(DefectiveIndex));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("unix:/run/docker.sock")]
    [InlineData("http://[")]
    [InlineData("gopher://127.0.0.1/")]
    public async Task A_registry_that_redirects_elsewhere_is_reported_and_does_not_stop_the_server(string location)
    {
        using var directory = new TemporaryDirectory();
        await using var proxy = await RegistryProxy.StartAsync();
        proxy.Fault = context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = location;
            return Task.FromResult(true);
        };
        string[] arguments = ["--registry", proxy.Url, "--database", $"sqlite:///{directory.Path}/index.db", "--set", "registry_timeout=2"];
        var sync = await RegistryIndexProcess.RunAsync(["sync", .. arguments]);
        sync.ExitCode.Should().Be(1);
        sync.Stderr.Should().StartWith("registry-index: ").And.Contain(proxy.Url).And.NotContain("   at ").And.NotContain("This is a bug");

        await using var server = await RegistryIndexProcess.ServeAsync(arguments);
        await server.WaitForAsync("The re-sync failed and is retried in 00:00:02: ");
        using var client = new HttpClient { BaseAddress = new($"http://{server.Address}") };
        var answer = JsonNode.Parse(await client.GetStringAsync("/readyz", TestContext.Current.CancellationToken))!;
        answer["problem"]!.GetValue<string>().Should().StartWith("The re-sync fails: ").And.Contain(proxy.Url);
        answer["following"]!["up"]!.GetValue<bool>().Should().BeFalse();
        (await server.StopAsync()).Should().Be(0);
        server.Log.Should().NotContain("   at ").And.NotContain("This is a bug");
    }

    [Fact]
    public async Task A_failed_start_ends_in_one_sentence_and_not_with_exit_code_0()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "file");
        await File.WriteAllTextAsync(file, "no directory", TestContext.Current.CancellationToken);
        await using var server = RegistryIndexProcess.Start("serve", "--urls", "http://127.0.0.1:0", "--database", $"sqlite:///{file}/index.db");
        (await server.WaitForExitAsync()).Should().BeOneOf(1, 2);
        server.Log.Should().Contain("registry-index: ").And.Contain(file).And.NotContain("   at ").And.NotContain("This is a bug");
    }

    [Fact]
    public async Task An_exception_on_a_separate_thread_ends_in_one_sentence()
    {
        await using var server = RegistryIndexProcess.Start(["serve", "--urls", "http://127.0.0.1:0", .. Provider, "--set", $"{DefectiveIndex.Key}=thread"]);
        (await server.WaitForExitAsync()).Should().Be(1);
        server.Log.Should().Contain("registry-index: This is a bug, please report it: NotSupportedException: The member 'thread' is not done yet.").And.NotContain("   at ").And.NotContain("Unhandled");
    }

    [Fact]
    public async Task A_failed_service_of_a_provider_ends_the_server_in_one_sentence_and_not_with_exit_code_0()
    {
        await using var server = RegistryIndexProcess.Start(["serve", "--urls", "http://127.0.0.1:0", .. Provider, "--set", $"{DefectiveIndex.Key}=service"]);
        (await server.WaitForExitAsync()).Should().Be(1);
        server.Log.Should().Contain("The member 'service' is not done yet.").And.NotContain("   at ");
    }
}
