using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>Unusual logins of browsers and registries, with a file that htpasswd itself has created.</summary>
public sealed class StrangeLoginsTests : IAsyncLifetime
{
    private static readonly string Long = new('p', 72);
    private readonly TemporaryDirectory _directory = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        var file = Path.Combine(_directory.Path, "htpasswd");
        foreach (var (user, password) in (IEnumerable<(string, string)>)[("reader", "password"), ("long", Long + "tail"), ("jörg", "pässword"), ("colon", "a:b")])
        {
            var made = await ProcessRunner.RunAsync("htpasswd", [.. File.Exists(file) ? (string[])[] : ["-c"], "-bB", "-C", "5", file, user, password]);
            made.ExitCode.Should().Be(0, made.Stderr);
        }

        _server = await RunningServer.StartAsync(("htpasswd", file));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("Basic", "reader:password", 200)]
    [InlineData("basic", "reader:password", 200)]
    [InlineData("BASIC", "reader:password", 200)]
    [InlineData("Basic  ", "reader:password", 200)]
    [InlineData("Basic", "jörg:pässword", 200)]
    [InlineData("Basic", "colon:a:b", 200)]
    [InlineData("Basic", "READER:password", 401)]
    [InlineData("Basic", "reader:Password", 401)]
    [InlineData("Basic", "reader:password\0", 401)]
    [InlineData("Basic", "reader:password\0x", 401)]
    [InlineData("Basic", "reader\0:password", 401)]
    [InlineData("Basic", "reader:", 401)]
    [InlineData("Basic", ":password", 401)]
    [InlineData("Basic", "reader", 401)]
    [InlineData("Basic", "", 401)]
    [InlineData("Bearer", "reader:password", 401)]
    public async Task Only_the_right_login_is_accepted(string scheme, string credentials, int status) =>
        (await SendAsync($"Authorization: {scheme} {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}\r\n")).Should().Be(status);

    [Theory]
    [InlineData(72)]
    [InlineData(600)]
    [InlineData(5_000)]
    public async Task A_long_wrong_password_is_refused_like_any_other(int length) =>
        (await SendAsync($"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:" + new string('x', length)))}\r\n")).Should().Be(401);

    [Fact]
    public async Task A_right_password_longer_than_bcrypt_reads_is_accepted() =>
        (await SendAsync($"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"long:{Long}tail"))}\r\n")).Should().Be(200);

    [Fact]
    public async Task A_login_that_is_not_UTF8_and_a_repeated_header_are_refused()
    {
        (await SendAsync($"Authorization: Basic {Convert.ToBase64String(Encoding.Latin1.GetBytes("jörg:pässword"))}\r\n")).Should().Be(401);
        var right = $"Authorization: Basic {Convert.ToBase64String("reader:password"u8)}\r\n";
        (await SendAsync(right + right)).Should().Be(401);
        (await SendAsync(right + "Authorization: Bearer x\r\n")).Should().Be(401);
        (await SendAsync(right)).Should().Be(200);
    }

    [Fact]
    public async Task The_addresses_of_one_IPv6_network_share_their_failed_logins()
    {
        var wrong = $"Authorization: Basic {Convert.ToBase64String("reader:wrong"u8)}\r\n";
        for (var i = 1; i <= 10; i++)
            (await SendAsync($"{wrong}X-Forwarded-For: 2001:db8:0:1::{i:x}\r\n")).Should().Be(401);
        (await SendAsync($"{wrong}X-Forwarded-For: 2001:db8:0:1:ffff::1\r\n")).Should().Be(429);
        (await SendAsync($"{wrong}X-Forwarded-For: 2001:db8:0:2::1\r\n")).Should().Be(401);
    }

    private async Task<int> SendAsync(string headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server.Client.BaseAddress!.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET /v1/search?q= HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return int.Parse((await reader.ReadToEndAsync()).Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
