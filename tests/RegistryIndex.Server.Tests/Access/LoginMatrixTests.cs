using System.Text;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>Every login for every path, with real clients.</summary>
public sealed class LoginMatrixTests : IAsyncLifetime
{
    private ProtectedServer _server = null!;

    public static TheoryData<string, string?> Logins => new()
    {
        { "none", null },
        { "wrong password", Basic("reader:wrong") },
        { "unknown user", Basic($"nobody:{ProtectedServer.Password}") },
        { "right", Basic($"{ProtectedServer.User}:{ProtectedServer.Password}") },
        { "docker's anonymous", "Basic Og==" },
        { "user without password", Basic("reader:") },
        { "no Base64", "Basic ???" },
        { "an expired bearer", "Bearer eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjF9.c2ln" },
        { "the secret of events", $"Bearer {ProtectedServer.Secret}" },
        { "the secret of events as password", Basic($"reader:{ProtectedServer.Secret}") },
    };

    public async ValueTask InitializeAsync() => _server = await ProtectedServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Logins))]
    public async Task Curl_is_served_only_with_the_right_login(string login, string? header)
    {
        var isRight = login == "right";
        foreach (var path in (string[])["/v1/search?q=web", "/v1/search?q=", "/v1/_ping", "/_ping", "/v2/", "/v2/_catalog", "/v2/team/app/web/tags/list", "/nothing", "/"])
        {
            var (status, headers, body) = await CurlAsync(path, header);
            var because = $"of {login} at {path}";
            if (isRight)
            {
                status.Should().NotBe(401, because);
                continue;
            }

            status.Should().Be(401, because);
            headers.Should().Contain("WWW-Authenticate: Basic realm=", because);
            headers.Should().Contain("Content-Type: application/json", because);
            body.Should().NotContain("team", because);
            body.Should().StartWith(path.StartsWith("/v2/", StringComparison.Ordinal) ? "{\"errors\":[{\"code\":\"UNAUTHORIZED\"" : "{\"error\":", because);
        }

        if (isRight)
        {
            (await CurlAsync("/v1/search?q=web", header)).Body.Should().Contain("team/app/web");
            (await CurlAsync("/v2/_catalog", header)).Body.Should().Contain("team/api");
            (await CurlAsync("/v2/", header)).Body.Should().Be("{}");
        }

        (await CurlAsync("/healthz", header)).Status.Should().Be(200);
        var readiness = await CurlAsync("/readyz", header);
        readiness.Status.Should().Be(200);
        readiness.Body.Contains("efcore", StringComparison.Ordinal).Should().Be(isRight, "the details need a login");
        var events = await CurlAsync("/events", header, "-d", """{"events":[]}""");
        events.Status.Should().Be(login == "the secret of events" ? 202 : 401, $"of events with {login}");
    }

    [Theory]
    [MemberData(nameof(Logins))]
    public async Task The_API_is_served_only_with_the_right_login(string login, string? header)
    {
        foreach (var path in (string[])["/api/v1", "/api/v1/repositories", "/api/v1/repositories/team/app/web", "/api/v1/tags/team/app/web", "/api/v1/openapi.json", "/api/none"])
        {
            var (status, headers, body) = await CurlAsync(path, header);
            if (login == "right")
            {
                status.Should().NotBe(401, "of {0}", path);
                continue;
            }

            status.Should().Be(401, "of {0} at {1}", login, path);
            headers.Should().Contain("WWW-Authenticate: Basic realm=").And.Contain("Content-Type: application/json");
            body.Should().StartWith("{\"errors\":[{\"code\":\"UNAUTHORIZED\"").And.NotContain("team");
        }
    }

    [Fact]
    public async Task Podman_falls_back_to_the_catalog_and_finds_only_with_the_right_login()
    {
        (await PodmanAsync("web", login: null)).ExitCode.Should().NotBe(0);
        (await PodmanAsync("web", "reader:wrong")).ExitCode.Should().NotBe(0);
        var found = await PodmanAsync("web", $"{ProtectedServer.User}:{ProtectedServer.Password}");
        found.ExitCode.Should().Be(0, found.Stderr);
        found.Stdout.Trim().Should().Be($"{_server.Address}/team/app/web");
        (await PodmanAsync("", $"{ProtectedServer.User}:{ProtectedServer.Password}")).Stdout.Should().Contain("/team/app/web").And.Contain("/team/api");
    }

    [Fact]
    public async Task Docker_is_served_only_with_the_right_login()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "A Docker engine can only be started by root.");
        await using var engine = await DockerEngine.StartAsync();
        foreach (var (login, isServed) in (IEnumerable<(string?, bool)>)[(null, false), ("reader:wrong", false), ($"{ProtectedServer.User}:{ProtectedServer.Password}", true)])
        {
            var result = await engine.RunAsync(WriteLogin(login), "search", "--no-trunc", "--format", "{{.Name}} {{.Description}}", $"{_server.Address}/web");
            (result.ExitCode == 0).Should().Be(isServed, result.Stderr);
            result.Stdout.Trim().Should().Be(isServed ? "team/app/web Front end" : "");
        }

        var logins = WriteLogin(null);
        (await engine.RunAsync(logins, "login", "--username", ProtectedServer.User, "--password", "wrong", _server.Address)).Stderr.Should().Contain("401");
        (await engine.RunAsync(logins, "login", "--username", ProtectedServer.User, "--password", ProtectedServer.Password, _server.Address)).Stdout.Should().Contain("Login Succeeded");
        (await engine.RunAsync(logins, "search", "--format", "{{.Name}}", $"{_server.Address}/web")).Stdout.Trim().Should().Be("team/app/web");

        await using var open = await RunningServer.StartAsync();
        await open.Index.UpsertAsync(new("lab/red", "red \x1b[31mALERT\x1b[0m \x1b]0;owned\u0007 end"));
        var shown = await engine.RunAsync(WriteLogin(null), "search", "--no-trunc", "--format", "{{.Name}} {{.Description}}", $"{open.Client.BaseAddress!.Authority}/red");
        shown.Stdout.Trim().Should().StartWith("lab/red red ").And.NotContain("\x1b").And.NotContain("\u0007");
    }

    private static string Basic(string credentials) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));

    private Task<ProcessResult> PodmanAsync(string term, string? login) => ProcessRunner.RunAsync(
        "podman", ["search", "--tls-verify=false", "--authfile", Path.Combine(WriteLogin(login), "config.json"), "--format", "{{.Name}}", $"{_server.Address}/{term}"]);

    private string WriteLogin(string? login)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_server.Directory, Guid.NewGuid().ToString("n"))).FullName;
        var auth = login is null ? "" : $"\"{_server.Address}\":{{\"auth\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(login))}\"}}";
        File.WriteAllText(Path.Combine(directory, "config.json"), $$"""{"auths":{ {{auth}} } }""");
        return directory;
    }

    private async Task<(int Status, string Headers, string Body)> CurlAsync(string path, string? header, params string[] more)
    {
        string[] authorization = header is null ? [] : ["-H", $"Authorization: {header}"];
        var result = await ProcessRunner.RunAsync("curl", ["-s", "-i", .. authorization, .. more, $"http://{_server.Address}{path}"]);
        result.ExitCode.Should().Be(0, result.Stderr);
        var parts = result.Stdout.Split("\r\n\r\n", 2);
        return (int.Parse(parts[0].Split(' ')[1]), parts[0], parts[1]);
    }
}
