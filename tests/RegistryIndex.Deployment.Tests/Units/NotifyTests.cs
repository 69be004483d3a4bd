using System.Net;
using RegistryIndex.Deployment.Tests.Releases;
using RegistryIndex.Testing.PostgreSql;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Deployment.Tests.Units;

/// <summary>What the program tells the service manager on the socket that <c>NOTIFY_SOCKET</c> names.</summary>
public sealed class NotifyTests(Release release) : IDisposable
{
    private readonly NotifySocket _systemd = new();
    private readonly TemporaryDirectory _home = new();

    public void Dispose()
    {
        _systemd.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Systemd_is_notified_when_searches_are_answered_and_when_the_server_stops()
    {
        await using var server = await ServeAsync($"sqlite:///{_home.Path}/index.db");
        (await _systemd.ReceiveAsync()).Should().Be("READY=1");
        (await ReadinessAsync(server)).Should().Be(HttpStatusCode.OK);
        _systemd.HasNews.Should().BeFalse();

        (await server.StopAsync()).Should().Be(0, server.Log);
        (await _systemd.ReceiveAsync()).Should().Be("STOPPING=1");
    }

    [Fact]
    public async Task Systemd_is_not_notified_while_the_database_does_not_answer()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyNot is not null && !PostgreSqlServer.IsRequired, PostgreSqlServer.WhyNot ?? "");
        await using var database = await PostgreSqlServer.StartAsync();
        await database.SignalAllAsync("STOP");
        await using var server = await ServeAsync(database.UrlOf("postgres"));
        (await ReadinessAsync(server)).Should().Be(HttpStatusCode.ServiceUnavailable);
        _systemd.HasNews.Should().BeFalse();

        await database.SignalAllAsync("CONT");
        (await _systemd.ReceiveAsync()).Should().Be("READY=1");
    }

    [Fact]
    public async Task A_missing_socket_does_not_stop_the_server()
    {
        await using var server = await RegistryIndexProcess.ServePublishedAsync(release.Program, ["NOTIFY_SOCKET=/nowhere/notify"], "--database", "sqlite://");
        await server.WaitForAsync("systemd could not be notified of READY=1");
        (await ReadinessAsync(server)).Should().Be(HttpStatusCode.OK);
    }

    private Task<RegistryIndexProcess> ServeAsync(string database) => RegistryIndexProcess.ServePublishedAsync(release.Program, [$"NOTIFY_SOCKET={_systemd.Path}"], "--database", database);

    private static async Task<HttpStatusCode> ReadinessAsync(RegistryIndexProcess server)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://{server.Address}/readyz"), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
