using System.Net;
using System.Net.Sockets;
using RegistryIndex.Server.Commands;
using RegistryIndex.Server.Tests.Configuration;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>The server listens only on the addresses in <c>urls</c>, regardless of other settings. If it cannot, one sentence says why.</summary>
public sealed class ListeningTests : Workspace
{
    private static readonly string[] InMemory = ["--database", "sqlite://"];

    [Fact]
    public async Task The_web_servers_variables_do_not_add_or_change_ports_if_the_setting_is_set()
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
    [InlineData("urls = http://127.0.0.1:1  (environment variable ASPNETCORE_URLS)", "ASPNETCORE_URLS=http://127.0.0.1:1")]
    [InlineData("urls = http://127.0.0.1:2  (environment variable URLS)", "ASPNETCORE_URLS=http://127.0.0.1:1", "URLS=http://127.0.0.1:2")]
    [InlineData("urls = http://127.0.0.1:1  (environment variable ASPNETCORE_URLS)", "ASPNETCORE_URLS=http://127.0.0.1:1", "ASPNETCORE_HTTP_PORTS=8080")]
    [InlineData("urls = http://*:8080;http://*:8081  (environment variable ASPNETCORE_HTTP_PORTS)", "ASPNETCORE_HTTP_PORTS=8080;8081", "URLS=")]
    [InlineData("urls = http://127.0.0.1:3  (environment variable REGISTRYINDEX__URLS)", "URLS=http://127.0.0.1:2", "REGISTRYINDEX__URLS=http://127.0.0.1:3")]
    public async Task Without_the_setting_the_web_servers_variables_determine_the_addresses(string line, params string[] environment)
    {
        var result = await RegistryIndexProcess.RunInEnvironmentAsync(["-C", Directory, .. environment], [.. InMemory, "--set", "allow_anonymous=true", "config"]);
        result.ExitCode.Should().Be(0, result.Stderr);
        result.Stdout.Split('\n').Should().Contain(line);
    }

    [Fact]
    public async Task The_web_servers_variables_are_checked_like_the_setting()
    {
        var result = await RegistryIndexProcess.RunInEnvironmentAsync(["-C", Directory, "ASPNETCORE_HTTP_PORTS=8080"], ["serve", .. InMemory]);
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().Be("registry-index: urls 'http://*:8080' lets other machines search without a login: set htpasswd to a file of users, or allow_anonymous to true to permit this (urls: environment variable ASPNETCORE_HTTP_PORTS).\n");
    }

    [Theory]
    [InlineData("registry.yml", "dev:\n  Kestrel:\n    Endpoints:\n      X: {Url: 'http://*:1'}\n")]
    [InlineData("appsettings.json", """{ "Kestrel": { "Endpoints": { "X": { "Url": "http://*:1" } } } }""")]
    [InlineData("appsettings.Production.json", """{ "kestrel": { "Limits": { "MaxConcurrentConnections": 1 } } }""")]
    [InlineData("REGISTRYINDEX__KESTREL__ENDPOINTS__X__URL", "http://*:1")]
    [InlineData("REGISTRYINDEX__HTTP_PORTS", "1")]
    [InlineData("REGISTRYINDEX__SERVER__URLS", "http://*:1")]
    public async Task Settings_that_open_ports_without_the_checks_are_refused_in_every_source(string place, string text)
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
                .Match($"registry-index: *{place}*is a setting of the web server that bypasses the checks of this program: remove it, and write where to listen as urls*");
        }
    }

    [Fact]
    public async Task The_server_can_listen_on_an_IPv6_address()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 && CanBind(IPAddress.IPv6Loopback, 0), "this machine has no IPv6");
        await using var server = await RegistryIndexProcess.ServeAtAsync("http://[::1]:0", InMemory);
        server.Address.Should().StartWith("[::1]:");
        using var client = new HttpClient();
        (await client.GetAsync(new Uri($"http://{server.Address}/healthz"), TestContext.Current.CancellationToken)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("http://[2001:db8::1]:5080", "is not an address of this machine (*): use one of its addresses, 127.0.0.1 or *")]
    [InlineData("http://192.0.2.1:5080", "is not an address of this machine (*): use one of its addresses, 127.0.0.1 or *")]
    [InlineData("http://127.0.0.1:5080/base", "has a path, but a server listens on an address without a path: write http://127.0.0.1:5080, and let a proxy in front of it remove the path")]
    [InlineData("http://unix:/nowhere/index.sock", "is in a directory that does not exist: create the directory")]
    [InlineData("http://127.0.0.1:5080;http://127.0.0.1:5080", "overlaps with another address: remove one of the two, or use another port")]
    public async Task An_address_that_cannot_be_used_is_one_sentence(string urls, string expected) =>
        (await ProblemAsync("--urls", urls, "--set", "allow_anonymous=true")).Should().Match($"registry-index: urls '*' {expected} (urls*command line).");

    [Fact]
    public async Task A_host_name_means_every_address_and_needs_a_login() =>
        (await ProblemAsync("--urls", "http://no-such-host.invalid:5080")).Should().StartWith("registry-index: urls 'http://no-such-host.invalid:5080' lets other machines search without a login: ");

    [Fact]
    public async Task A_port_in_use_is_one_sentence_that_names_its_source()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        foreach (var urls in (string[])[$"http://127.0.0.1:{port}", $"http://localhost:{port}", $"http://127.0.0.1:0;http://127.0.0.1:{port}"])
            (await ProblemAsync("--urls", urls)).Should().Match($"registry-index: urls 'http://*:{port}' is taken (address already in use): end the program that listens there, or write another port (*command line).");
    }

    [Fact]
    public async Task A_privileged_port_is_one_sentence_for_an_ordinary_user()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && int.TryParse(await File.ReadAllTextAsync("/proc/sys/net/ipv4/ip_unprivileged_port_start", TestContext.Current.CancellationToken), out var least) && least > 81, "any user may have low ports here");
        string[] asNobody = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["env"];
        Assert.SkipUnless(File.Exists($"/usr/bin/{asNobody[0]}"), "there is no setpriv");
        var result = await ProcessRunner.RunAsync(asNobody[0], [.. asNobody[1..], "dotnet", Path.Combine(AppContext.BaseDirectory, "registry-index.dll"), "serve", "--urls", "http://127.0.0.1:81", .. InMemory]);
        Assert.SkipWhen(result.Stderr.Contains("registry-index.dll", StringComparison.Ordinal), "another user cannot read the program");
        result.ExitCode.Should().Be(2, "{0}", result.Stderr);
        result.Stderr.Should().Be("registry-index: urls 'http://127.0.0.1:81' is not permitted for this user (permission denied): use a port from 1024 on, or a path that this user may write to (urls: command line).\n");
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
