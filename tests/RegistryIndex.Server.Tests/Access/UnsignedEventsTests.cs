using System.Net;
using System.Net.Sockets;
using System.Text;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>Events without a secret, which a server accepts that serves this machine only: from programs, not from web pages.</summary>
public sealed class UnsignedEventsTests
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=utf-8")]
    [InlineData("application/vnd.docker.distribution.events.v1+json")]
    [InlineData("application/vnd.docker.distribution.events.v2+json")]
    [InlineData("application/cloudevents+json")]
    public async Task Json_without_a_secret_is_accepted(string mediaType)
    {
        await using var server = await RunningServer.StartAsync();
        (await PostAsync(server, contentType: mediaType)).Should().Be(202);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain; charset=application/json")]
    [InlineData("text/plain, application/json")]
    [InlineData("application/jsonp")]
    [InlineData("application/x+json+x")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_body_that_a_form_could_post_is_refused_and_logged(string? mediaType)
    {
        await using var server = await RunningServer.StartAsync();
        var log = CollectedLog.Of(server.Services);
        (await PostAsync(server, contentType: mediaType)).Should().Be(415);
        log.Lines.Should().ContainSingle(line => line.StartsWith("Refused POST /events from 127.0.0.1 because its media type is not JSON", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_request_from_a_page_is_refused_and_logged(string origin)
    {
        await using var server = await RunningServer.StartAsync(("cors_origins", "https://evil.example.com"));
        var log = CollectedLog.Of(server.Services);
        (await PostAsync(server, origin: origin)).Should().Be(403);
        log.Lines.Should().ContainSingle(line => line.StartsWith("Refused POST /events from 127.0.0.1 because it comes from a web page", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost", 202)]
    [InlineData("LOCALHOST.:80", 202)]
    [InlineData("registry.localhost:1", 202)]
    [InlineData("127.0.0.1", 202)]
    [InlineData("127.8.9.10:5080", 202)]
    [InlineData("[::1]:5080", 202)]
    [InlineData("index.example.com", 202)]
    [InlineData("Index.Example.com:443", 202)]
    [InlineData("10.0.0.5", 202)]
    [InlineData("evil.example.com", 403)]
    [InlineData("127.0.0.1.evil.example.com", 403)]
    [InlineData("localhost.evil.example.com", 403)]
    [InlineData("evil-localhost", 403)]
    [InlineData("index.example.com.evil.example.com", 403)]
    [InlineData("0.0.0.0:5080", 403)]
    [InlineData("", 403)]
    public async Task A_host_that_is_not_this_machine_is_refused_and_logged(string host, int status)
    {
        // With allow_anonymous, searches are accepted for any host name. This makes no difference for events.
        await using var server = await RunningServer.StartAsync(("allowed_hosts", "index.example.com;10.0.0.5"), ("allow_anonymous", "true"));
        var log = CollectedLog.Of(server.Services);
        (await PostAsync(server, host)).Should().Be(status);
        log.Lines.Any(line => line.StartsWith("Refused POST /events from 127.0.0.1 because its host is not in allowed_hosts", StringComparison.Ordinal)).Should().Be(status == 403);
        (await SendAsync(server, "GET /v1/search?q= HTTP/1.1", host, "")).Should().Be(200);
    }

    [Theory]
    [InlineData("localhost", "X-Forwarded-For: 203.0.113.5\r\n", 403)]
    [InlineData("127.0.0.1", "X-Forwarded-For: 127.0.0.1, 203.0.113.5\r\n", 403)]
    [InlineData("[::1]", "X-Forwarded-For: 2001:db8::1\r\n", 403)]
    [InlineData("localhost", "X-Forwarded-For: 127.0.0.1\r\n", 202)]
    [InlineData("index.example.com", "X-Forwarded-For: 203.0.113.5\r\n", 202)]
    public async Task A_proxied_request_is_refused_unless_its_host_is_allowed(string host, string header, int status)
    {
        await using var server = await RunningServer.StartAsync(("allowed_hosts", "index.example.com"));
        (await PostAsync(server, host, more: header)).Should().Be(status);
    }

    [Theory]
    [InlineData("POST /events HTTP/1.1", "localhost\r\nHost: evil.example.com", 400)]
    [InlineData("POST /events HTTP/1.1", "evil.example.com\r\nHost: localhost", 400)]
    [InlineData("POST http://evil.example.com/events HTTP/1.1", "localhost", 400)]
    [InlineData("POST http://evil.example.com/events HTTP/1.1", "evil.example.com", 403)]
    [InlineData("POST http://localhost/events HTTP/1.1", "localhost", 202)]
    [InlineData("POST http://localhost/events HTTP/1.1", "evil.example.com", 400)]
    [InlineData("POST http://localhost@evil.example.com/events HTTP/1.1", "localhost", 400)]
    [InlineData("POST //evil.example.com/events HTTP/1.1", "localhost", 404)]
    [InlineData("POST /EVENTS HTTP/1.1", "evil.example.com", 403)]
    [InlineData("POST /events/ HTTP/1.1", "evil.example.com", 403)]
    [InlineData("POST /%65vents HTTP/1.1", "evil.example.com", 403)]
    [InlineData("POST /x/../events HTTP/1.1", "evil.example.com", 403)]
    [InlineData("POST /events HTTP/1.0", "evil.example.com", 403)]
    [InlineData("POST /events HTTP/1.1", "localhost\r\nX-Forwarded-Host: evil.example.com\r\nX-Forwarded-Proto: https\r\nForwarded: for=203.0.113.5;host=evil.example.com", 202)]
    [InlineData("POST /events HTTP/1.1", "evil.example.com\r\nX-Forwarded-Host: localhost\r\nX-Original-Host: localhost\r\nForwarded: host=localhost", 403)]
    [InlineData("POST /events HTTP/1.1", "localhost\r\nOrigin: \r\nOrigin: http://localhost", 403)]
    [InlineData("POST /events HTTP/1.1", "localhost\r\nContent-Type: text/plain", 415)]
    public async Task The_host_is_read_from_every_form_of_the_request(string request, string host, int status)
    {
        await using var server = await RunningServer.StartAsync();
        (await SendAsync(server, request, host, "Content-Type: application/json\r\nContent-Length: 13\r\n", """{"events":[]}""")).Should().Be(status);
    }

    [Fact]
    public async Task With_a_secret_only_the_secret_is_checked()
    {
        await using var server = await ProtectedServer.StartAsync();
        (await PostAsync(server.Server, "evil.example.com", "text/plain", "https://evil.example.com", $"Authorization: Bearer {ProtectedServer.Secret}\r\n")).Should().Be(202);
    }

    [Theory]
    [InlineData("", "because it has no secret")]
    [InlineData("Authorization: Bearer 0123456789abcdef0123456789abcdeX\r\n", "because its secret is not one of events_secrets")]
    [InlineData("Authorization: Basic cmVhZGVyOndyb25n\r\n", "because its secret is not one of events_secrets")]
    public async Task A_missing_or_wrong_secret_is_logged_and_never_shown(string header, string why)
    {
        await using var server = await ProtectedServer.StartAsync();
        var log = CollectedLog.Of(server.Server.Services);
        for (var i = 0; i < 3; i++)
            (await PostAsync(server.Server, more: header)).Should().Be(401);
        log.Lines.Should().ContainSingle(line => line.StartsWith($"Refused POST /events from 127.0.0.1 {why}", StringComparison.Ordinal));
        log.Lines.Should().NotContain(line => line.Contains("0123456789", StringComparison.Ordinal));
    }

    private static Task<int> PostAsync(RunningServer server, string host = "localhost", string? contentType = "application/json", string? origin = null, string more = "")
    {
        const string Body = """{"events":[]}""";
        return SendAsync(
            server, "POST /events HTTP/1.1", host,
            (contentType is null ? "" : $"Content-Type: {contentType}\r\n") + (origin is null ? "" : $"Origin: {origin}\r\n") + more + $"Content-Length: {Body.Length}\r\n", Body);
    }

    // As bytes, because clients do not send some of these requests.
    private static async Task<int> SendAsync(RunningServer server, string request, string host, string headers, string body = "")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{request}\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n{body}"));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        return int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
