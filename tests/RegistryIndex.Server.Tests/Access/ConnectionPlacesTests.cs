using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.Server.Access;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>More connections than a server can hold.</summary>
public sealed class ConnectionPlacesTests
{
    private static readonly IPAddress Proxy = IPAddress.Parse("10.1.2.3");

    [Fact]
    public async Task The_server_survives_many_idle_connections_and_answers_after_they_close()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await RegistryIndexProcess.ServeInEnvironmentAsync(["prlimit", "--nofile=1024"], "--database", $"sqlite:///{directory.Path}/index.db");
        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false });
        await Eventually.BeAsync(() => IsReadyAsync(client, server.Address));
        var connections = new List<TcpClient>();
        for (var i = 0; i < 1200; i++)
        {
            var connection = new TcpClient();
            connections.Add(connection);
            try
            {
                await connection.ConnectAsync(IPEndPoint.Parse(server.Address), TestContext.Current.CancellationToken);
            }
            catch (SocketException)
            {
                break; // the server does not listen any more
            }
        }

        await Eventually.BeAsync(() => server.Log.Contains("Closed a connection from 127.0.0.1 because the server has its maximum number of connections", StringComparison.Ordinal) || server.HasEnded);
        connections.ForEach(connection => connection.Dispose());
        server.HasEnded.Should().BeFalse(server.Log);
        await Eventually.BeAsync(() => IsReadyAsync(client, server.Address));
        server.Log.Should().NotContain("fail:").And.NotContain("crit:");
    }

    [Fact]
    public void One_client_gets_a_share_of_the_connections_and_a_trusted_proxy_gets_all()
    {
        var places = Places(descriptors: 800); // 400 places
        Take(places, "203.0.113.1", 1000).Should().Be(40);
        Take(places, "2001:db8::1", 30).Should().Be(30);
        Take(places, "2001:db8::2", 30).Should().Be(10, "one client can use all addresses of its network");
        Take(places, "203.0.113.2", 5).Should().Be(5, "other clients have their own share");
        Take(places, Proxy.ToString(), 200).Should().Be(200);
        Take(places, "127.0.0.1", 200).Should().Be(115, "all connections are in use");
        places.TryTake(IPAddress.Parse("203.0.113.3")).Should().Contain("the server has its maximum number of connections");
        places.Leave(IPAddress.Loopback);
        places.TryTake(IPAddress.Parse("203.0.113.1")).Should().Contain("one client");
        places.TryTake(IPAddress.Parse("203.0.113.3")).Should().BeNull();
        places.Leave(IPAddress.Parse("203.0.113.1"));
        places.TryTake(IPAddress.Parse("203.0.113.1")).Should().BeNull();
    }

    [Theory]
    [InlineData(null, 10_000)]
    [InlineData(1_000_000, 10_000)]
    [InlineData(700, 350)]
    [InlineData(0, 16)]
    public void Connections_use_at_most_half_of_the_free_file_descriptors(int? descriptors, int places) => Take(Places(descriptors), "127.0.0.1", 20_000).Should().Be(places);

    private static int Take(ConnectionPlaces places, string client, int count) => Enumerable.Range(0, count).Count(_ => places.TryTake(IPAddress.Parse(client)) is null);

    private static ConnectionPlaces Places(int? descriptors) => new(descriptors, new([Proxy.ToString()]), new(TimeProvider.System, NullLogger<RefusalLog>.Instance));

    private static async Task<bool> IsReadyAsync(HttpClient client, string address)
    {
        try
        {
            return (await client.GetAsync($"http://{address}/readyz")).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
