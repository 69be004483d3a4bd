using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using RegistryIndex.Server.Tests.Access;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Monitoring;

/// <summary>The log of the real server, as programs read it.</summary>
public sealed class LogTests : IDisposable
{
    private const string Hidden = "s3cret";
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_line_of_a_JSON_log_is_an_object_from_the_first_to_the_last()
    {
        await using var server = await ServeAsync("--set", "log_format=json", "--set", "access_log=on", "--set", "rate_limt=1", "--set", "Logging:Console:FormatterOptions:JsonWriterOptions:Indented=true");
        await server.WaitForAsync("Ready: searches are answered");
        await AskAsync(server);
        await server.WaitForAsync("Login failed");
        await server.WaitForAsync("Refused");
        (await server.StopAsync()).Should().Be(0, server.Log);

        var lines = ObjectsOf(server.Log);
        lines.Should().AllSatisfy(line =>
        {
            DateTimeOffset.Parse(line["Timestamp"]!.GetValue<string>(), CultureInfo.InvariantCulture).Offset.Should().Be(TimeSpan.Zero);
            Enum.TryParse<Microsoft.Extensions.Logging.LogLevel>(line["LogLevel"]!.GetValue<string>(), out _).Should().BeTrue();
            line["Category"]!.GetValue<string>().Should().NotBeEmpty();
        });
        var messages = lines.Select(line => line["Message"]!.GetValue<string>()).ToList();
        messages[0].Should().StartWith("rate_limt (command line) is not a setting").And.EndWith("did you mean rate_limit?");
        messages.Should().Contain(message => message.StartsWith("registry-index ", StringComparison.Ordinal)).And.Contain(message => message.StartsWith("Login: required for searches (", StringComparison.Ordinal))
            .And.Contain(message => message.StartsWith("Refused POST /events from ", StringComparison.Ordinal)).And.Contain("Login failed from 127.0.0.1 for user 'mallory'");
        var request = lines.Single(line => line["Category"]!.GetValue<string>().EndsWith("AccessLog", StringComparison.Ordinal) && line["State"]!["User"]!.GetValue<string>() == ProtectedServer.User)["State"]!;
        (request["Method"]!.GetValue<string>(), request["Path"]!.GetValue<string>(), request["Status"]!.GetValue<int>(), request["Address"]!.GetValue<string>()).Should().Be(("GET", "/v1/search", 200, "127.0.0.1"));
        request["Milliseconds"]!.GetValue<double>().Should().BePositive();
        server.Log.Should().NotContain(Hidden).And.NotContain("Basic ");
    }

    [Fact]
    public async Task A_failed_start_is_a_line_of_JSON()
    {
        var result = await RegistryIndexProcess.RunAsync("serve", "--database", "sqlite://", "--set", "log_format=json", "--urls", "http://0.0.0.0:5080", "--set", "rate_limt=1");
        result.ExitCode.Should().Be(2);
        result.Stdout.Should().BeEmpty();
        ObjectsOf(result.Stderr).Select(line => (line["LogLevel"]!.GetValue<string>(), line["Message"]!.GetValue<string>())).Should().SatisfyRespectively(
            warning => warning.Item1.Should().Be("Warning"),
            refusal => refusal.Should().Match<(string Level, string Message)>(it => it.Level == "Critical" && it.Message.StartsWith("urls 'http://0.0.0.0:5080' lets other machines search")));
        (await RegistryIndexProcess.RunAsync("status", "--database", "sqlite:////nowhere/index.db", "--set", "log_format=json")).Stderr.Should().StartWith("registry-index: ", "the log belongs to the server");
    }

    [Fact]
    public async Task With_the_setting_a_request_is_one_line_of_a_text_log_without_its_query()
    {
        await using var server = await ServeAsync("--set", "access_log=on");
        await using var quiet = await ServeAsync();
        foreach (var one in (RegistryIndexProcess[])[server, quiet])
        {
            await one.WaitForAsync("Ready: searches are answered");
            await AskAsync(one);
            await one.WaitForAsync("Login failed");
            (await one.StopAsync()).Should().Be(0, one.Log);
        }

        server.Log.Should().MatchRegex($@"info: RegistryIndex\.Server\.Monitoring\.AccessLog\[\d+\] GET /v1/search 200 in [\d.]+ ms from 127\.0\.0\.1 as {ProtectedServer.User}\n")
            .And.MatchRegex(@"GET /v1/search 401 in [\d.]+ ms from 127\.0\.0\.1 as -\n").And.MatchRegex(@"POST /events 401 in ");
        server.Log.Should().NotContain(Hidden).And.NotContain("Basic ");
        quiet.Log.Should().NotContain("AccessLog").And.NotContain("/v1/search");
    }

    [Theory]
    [InlineData("OPTIONS *", "OPTIONS -")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB /", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA… /")]
    [InlineData("GET /%0d%0aLogin%20failed%1b[31m%E2%80%AE", "GET /%0D%0ALogin%20failed%1B%5B31m%E2%80%AE")]
    [InlineData("GET /%20200%20in%201%20ms", "GET /%20200%20in%201%20ms")]
    public async Task Text_of_a_client_is_one_short_word_of_the_line(string request, string logged)
    {
        await using var server = await ServeAsync("--set", "access_log=on");
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(System.Net.IPEndPoint.Parse(server.Address), Stop);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\nHost: {server.Address}\r\nConnection: close\r\n\r\n"), Stop);
            using var answer = new StreamReader(client.GetStream());
            (await answer.ReadToEndAsync(Stop)).Should().StartWith("HTTP/1.1 4");
        }

        (await server.StopAsync()).Should().Be(0, server.Log);
        server.Log.Should().MatchRegex($@"\] {System.Text.RegularExpressions.Regex.Escape(logged)} \d+ in [\d.]+ ms from 127\.0\.0\.1 as -\n");
    }

    public void Dispose() => _directory.Dispose();

    private async Task<RegistryIndexProcess> ServeAsync(params string[] arguments)
    {
        var htpasswd = Path.Combine(_directory.Path, "htpasswd");
        await File.WriteAllTextAsync(htpasswd, ProtectedServer.LineOf(ProtectedServer.User, "password"), Stop);
        return await RegistryIndexProcess.ServeAsync(["--database", "sqlite://", "--set", $"htpasswd={htpasswd}", "--set", $"events_secrets={ProtectedServer.Secret}", .. arguments]);
    }

    // A search, a wrong password, and events without a secret.
    private static async Task AskAsync(RegistryIndexProcess server)
    {
        using var client = new HttpClient { BaseAddress = new($"http://{server.Address}") };
        foreach (var login in (string[])[$"{ProtectedServer.User}:password", $"mallory:{Hidden}"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/search?q={Hidden}");
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
            using var answer = await client.SendAsync(request, Stop);
        }

        using var refused = await client.PostAsync($"/events?token={Hidden}", new StringContent("{}"), Stop);
    }

    private static List<JsonNode> ObjectsOf(string log) => [.. log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (JsonNode)JsonNode.Parse(line)!.AsObject())];
}
