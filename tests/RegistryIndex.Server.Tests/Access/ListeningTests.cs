using System.Net;
using System.Net.Sockets;
using RegistryIndex.Server.Commands;
using RegistryIndex.Server.Tests.Configuration;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>The server listens where <c>urls</c> says and nowhere else, whatever else is set; where it cannot, one sentence says why.</summary>
public sealed class ListeningTests : Workspace
{
    private static readonly string[] InMemory = ["--database", "sqlite://"];

    [Fact]
    public async Task No_variable_of_the_web_server_opens_or_moves_a_port()
    {
        int[] ports = [.. Enumerable.Range(0, 9).Select(_ => FreePort())];
        string[] environment =
        [
            $"ASPNETCORE_URLS=http://127.0.0.1:{ports[0]}", $"DOTNET_URLS=http://127.0.0.1:{ports[1]}", $"URLS=http://127.0.0.1:{ports[2]}",
            $"ASPNETCORE_HTTP_PORTS={ports[3]}", $"DOTNET_HTTP_PORTS={ports[4]}", $"HTTP_PORTS={ports[5]}", $"ASPNETCORE_HTTPS_PORTS={ports[6]}",
            $"ASPNETCORE_Kestrel__Endpoints__X__Url=http://127.0.0.1:{ports[7]}", $"Kestrel__Endpoints__X__Url=http://127.0.0.1:{ports[8]}",
            "ASPNETCORE_PREFERHOSTINGURLS=true",
        ];
        await using var server = await RegistryIndexProcess.ServeInEnvironmentAsync(environment, InMemory);
        ports.Should().NotContain(int.Parse(server.Address.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture));
        using var client = new HttpClient();
        (await client.GetAsync(new Uri($"http://{server.Address}/healthz"), TestContext.Current.CancellationToken)).StatusCode.Should().Be(HttpStatusCode.OK);
        server.Log.Split("Now listening on").Should().HaveCount(2);
        foreach (var port in ports)
            (await IsOpenAsync(port)).Should().BeFalse();
    }

    [Theory]
    [InlineData("registry.yml", "dev:\n  Kestrel:\n    Endpoints:\n      X: {Url: 'http://*:1'}\n")]
    [InlineData("appsettings.json", """{ "Kestrel": { "Endpoints": { "X": { "Url": "http://*:1" } } } }""")]
    [InlineData("appsettings.Production.json", """{ "kestrel": { "Limits": { "MaxConcurrentConnections": 1 } } }""")]
    [InlineData("REGISTRYINDEX__KESTREL__ENDPOINTS__X__URL", "http://*:1")]
    [InlineData("REGISTRYINDEX__HTTP_PORTS", "1")]
    [InlineData("REGISTRYINDEX__SERVER__URLS", "http://*:1")]
    public async Task What_would_open_ports_past_the_checks_is_refused_wherever_it_is_written(string place, string text)
    {
        var isFile = place.Contains('.', StringComparison.Ordinal);
        if (isFile)
            Write(place, text);
        string[] environment = ["-C", Directory, .. isFile ? [] : (string[])[$"{place}={text}"]];
        foreach (var command in (string[][])[["serve", .. InMemory], ["search", .. InMemory, "x"]])
        {
            var result = await RegistryIndexProcess.RunInEnvironmentAsync(environment, [.. command, .. place == "registry.yml" ? (string[])["--config", place] : []]);
            result.ExitCode.Should().Be(2, "{0}", result.Stderr);
            result.Stdout.Should().BeEmpty();
            result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle().Which.Should()
                .Match($"registry-index: *{place}*is a setting of the web server that goes past the checks of this one: remove it, and write where to listen as urls*");
        }
    }

    [Fact]
    public async Task An_address_of_IPv6_is_listened_on()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 && CanBind(IPAddress.IPv6Loopback, 0), "this machine has no IPv6");
        await using var server = await RegistryIndexProcess.ServeAtAsync("http://[::1]:0", InMemory);
        server.Address.Should().StartWith("[::1]:");
        using var client = new HttpClient();
        (await client.GetAsync(new Uri($"http://{server.Address}/healthz"), TestContext.Current.CancellationToken)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("http://[2001:db8::1]:5080", "is no address of this machine (*): write one that it has, 127.0.0.1 or *")]
    [InlineData("http://192.0.2.1:5080", "is no address of this machine (*): write one that it has, 127.0.0.1 or *")]
    [InlineData("http://127.0.0.1:5080/base", "has a path, and a server listens on an address without one: write http://127.0.0.1:5080, and let a proxy before it take the path away")]
    [InlineData("http://unix:/nowhere/index.sock", "is in a directory that is not there: make the directory")]
    [InlineData("http://127.0.0.1:5080;http://127.0.0.1:5080", "is within another of them: leave one of the two out, or write another port")]
    public async Task Where_it_cannot_listen_is_one_sentence(string urls, string expected) =>
        (await ProblemAsync("--urls", urls, "--set", "allow_anonymous=true")).Should().Match($"registry-index: urls '*' {expected} (urls*command line).");

    [Fact]
    public async Task A_name_is_every_address_and_needs_a_login() =>
        (await ProblemAsync("--urls", "http://no-such-host.invalid:5080")).Should().StartWith("registry-index: urls 'http://no-such-host.invalid:5080' lets other machines search without a login: ");

    [Fact]
    public async Task A_port_that_is_taken_is_one_sentence_wherever_it_is()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        foreach (var urls in (string[])[$"http://127.0.0.1:{port}", $"http://localhost:{port}", $"http://127.0.0.1:0;http://127.0.0.1:{port}"])
            (await ProblemAsync("--urls", urls)).Should().Match($"registry-index: urls 'http://*:{port}' is taken (address already in use): end the program that listens there, or write another port (*command line).");
    }

    [Fact]
    public async Task A_low_port_is_one_sentence_for_a_user_who_may_not_have_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && int.TryParse(await File.ReadAllTextAsync("/proc/sys/net/ipv4/ip_unprivileged_port_start", TestContext.Current.CancellationToken), out var least) && least > 81, "any user may have low ports here");
        string[] asNobody = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["env"];
        Assert.SkipUnless(File.Exists($"/usr/bin/{asNobody[0]}"), "there is no setpriv");
        var result = await ProcessRunner.RunAsync(asNobody[0], [.. asNobody[1..], "dotnet", Path.Combine(AppContext.BaseDirectory, "registry-index.dll"), "serve", "--urls", "http://127.0.0.1:81", .. InMemory]);
        Assert.SkipWhen(result.Stderr.Contains("registry-index.dll", StringComparison.Ordinal), "another user cannot read the program");
        result.ExitCode.Should().Be(2, "{0}", result.Stderr);
        result.Stderr.Should().Be("registry-index: urls 'http://127.0.0.1:81' is not for this user (permission denied): write a port from 1024 on, or a place that this user may write to (urls: command line).\n");
    }

    private static async Task<string> ProblemAsync(params string[] arguments)
    {
        var error = new StringWriter();
        (await CommandLine.RunAsync(["serve", .. InMemory, .. arguments], TestContext.Current.CancellationToken, error)).Should().Be(2, "{0}", error);
        return error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle().Which;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool CanBind(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<bool> IsOpenAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
