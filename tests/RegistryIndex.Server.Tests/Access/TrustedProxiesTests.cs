using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>The client of a request behind any number of proxies, as the log of failed logins shows it.</summary>
public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("203.0.113.5", "203.0.113.5")]
    [InlineData("203.0.113.5, 10.1.2.3", "203.0.113.5")]
    [InlineData("203.0.113.5, 192.0.2.7, 10.1.2.3", "203.0.113.5")]
    [InlineData("203.0.113.5,10.9.9.9,192.0.2.7, 10.1.2.3 , 2001:db8:1::1", "203.0.113.5")]
    [InlineData("198.51.100.1, 203.0.113.5, 10.1.2.3", "203.0.113.5", "what the client itself says is not believed")]
    [InlineData("198.51.100.1, nonsense, 203.0.113.5, 10.1.2.3", "203.0.113.5")]
    [InlineData("10.1.2.3, 203.0.113.5, 10.1.2.3", "203.0.113.5", "nor that it is a proxy")]
    [InlineData("203.0.113.5:4711, 10.1.2.3:80", "203.0.113.5")]
    [InlineData("203.0.113.5, 192.0.2.8", "192.0.2.8", "this one is not trusted")]
    [InlineData("203.0.113.5, 11.0.0.1", "11.0.0.1")]
    [InlineData("::ffff:203.0.113.5, 2001:db8::1", "203.0.113.5")]
    [InlineData("2001:db9::1, 2001:db8::1", "2001:db9::1")]
    [InlineData("nonsense, 10.1.2.3", "10.1.2.3", "who that is for cannot be told")]
    public async Task The_client_is_the_first_address_from_the_right_that_is_not_a_trusted_proxy(string forwardedFor, string client, string because = "")
    {
        await using var server = await ProtectedServer.StartAsync(("trusted_proxies", "10.0.0.0/8;192.0.2.7;2001:db8::/32"));
        var log = CollectedLog.Of(server.Server.Services);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/search?q=web");
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:wrong")));
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        (await server.Server.Client.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        log.Lines.Should().Contain($"Login failed from {client} for user 'reader'", because);
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("proxy.example.com")]
    [InlineData("10.0.0.0-10.0.0.9")]
    public async Task A_value_that_is_neither_an_address_nor_a_network_is_a_mistake(string proxies) =>
        (await FluentActions.Awaiting(() => RunningServer.StartAsync(("trusted_proxies", proxies))).Should().ThrowAsync<Exception>()).WithMessage("*neither an address nor a network*");

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("0.0.0.0/1")]
    [InlineData("10.0.0.2;128.0.0.0/1")]
    [InlineData("::ffff:0:0/96")]
    [InlineData("::/8")] // contains all of IPv4, as the system represents it
    [InlineData("2000::/3")]
    public async Task A_network_that_contains_clients_is_a_mistake(string proxies) =>
        (await FluentActions.Awaiting(() => RunningServer.StartAsync(("trusted_proxies", proxies))).Should().ThrowAsync<Exception>()).WithMessage("*could then claim any address*");

    [Theory]
    [InlineData("10.0.0.0/8", "10.9.9.9", "11.0.0.1")]
    [InlineData("fc00::/7", "fd00::1", "fe80::1")]
    [InlineData("fc00::/7", "fd00::1", "::ffff:1.1.1.1")] // .NET reports the last address as part of that network
    [InlineData("2001:db8:800::/37", "2001:db8:800::1", "::ffff:6.1.1.1")]
    [InlineData("::ffff:10.1.0.0/112", "10.1.2.3", "10.2.0.1")]
    [InlineData("::ffff:10.0.0.2", "10.0.0.2", "10.0.0.3")]
    public async Task Networks_are_parsed_in_every_notation(string proxies, string trusted, string other)
    {
        await using var server = await ProtectedServer.StartAsync(("trusted_proxies", proxies));
        var log = CollectedLog.Of(server.Server.Services);
        foreach (var proxy in (string[])[trusted, other])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/search?q=web");
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:wrong")));
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", $"203.0.113.5, {proxy}");
            (await server.Server.Client.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        log.Lines.Should().Equal("Login failed from 203.0.113.5 for user 'reader'", $"Login failed from {other.Replace("::ffff:", "", StringComparison.Ordinal)} for user 'reader'");
    }

    [Theory]
    [InlineData("203.0.113.5", "203.0.113.5", true)]
    [InlineData("203.0.113.5", "203.0.113.6", false)]
    [InlineData("::ffff:203.0.113.5", "203.0.113.5", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    public void A_limit_applies_to_an_address_or_to_an_IPv6_network(string one, string other, bool areOne) => NetworkOf(one).Equals(NetworkOf(other)).Should().Be(areOne);

    private static IPAddress NetworkOf(string address) => ClientAddress.NetworkOf(new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } });
}
