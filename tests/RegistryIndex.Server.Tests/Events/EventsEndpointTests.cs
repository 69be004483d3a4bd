using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Events;

public sealed class EventsEndpointTests
{
    private const string Push = """{"action":"push","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","repository":"team/app","tag":"latest"}}""";

    [Theory]
    [InlineData("application/vnd.docker.distribution.events.v1+json")]
    [InlineData("application/vnd.docker.distribution.events.v2+json")]
    [InlineData("application/json")]
    public async Task Events_of_every_media_type_are_accepted_even_if_their_look_up_fails(string mediaType)
    {
        await using var server = await RunningServer.StartAsync(("registry", "http://127.0.0.1:1"), ("Logging:LogLevel:Default", "None"));
        (await PostAsync(server, $$"""{"events":[{{Push}}]}""", mediaType)).StatusCode.Should().Be(HttpStatusCode.Accepted);
        (await PostAsync(server, """{"events":[{"action":"explode"}]}""", mediaType)).StatusCode.Should().Be(HttpStatusCode.Accepted);
        (await PostAsync(server, """{"events":[]}""", mediaType)).StatusCode.Should().Be(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task An_invalid_or_too_large_body_is_refused_in_one_sentence_and_counted()
    {
        var counted = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Name == "registryindex.events")
                it.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            lock (counted)
                counted[(string)tags[0].Value!] = counted.GetValueOrDefault((string)tags[0].Value!) + count;
        });
        listener.Start();
        await using var server = await RunningServer.StartAsync();
        var log = CollectedLog.Of(server.Services);
        var malformed = await PostAsync(server, "{\"events\":");
        malformed.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await malformed.Content.ReadAsStringAsync()).Should().StartWith("{\"error\":\"The body is not valid JSON from line 1");
        log.Lines.Should().ContainSingle().Which.Should().Contain("because the body contains no events: The body is not valid JSON from line 1");
        var large = await PostAsync(server, $$"""{"events":[{{Push}}],"x":"{{new string('x', 1 << 20)}}"}""");
        large.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await large.Content.ReadAsStringAsync()).Should().Contain("larger than 1 MiB");
        await PostAsync(server, $$$"""{"events":[{{{Push}}},{"action":"pull"},{"action":"delete","target":{"repository":"a//b"}}]}""");
        lock (counted)
        {
            foreach (var outcome in (string[])["malformed", "too_large", "noted", "ignored", "no_such_name"])
                counted.Should().ContainKey(outcome);
        }
    }

    [Fact]
    public async Task Without_a_source_a_push_adds_and_only_the_deletion_of_a_whole_repository_removes()
    {
        await using var server = await RunningServer.StartAsync();
        await server.Index.UpsertAsync(new("team/app", "By hand"));
        await server.Index.UpsertAsync(new("team/old"));
        var added = Push.Replace("team/app", "team/new", StringComparison.Ordinal);
        await PostAsync(server, $$$"""{"events":[{{{Push}}},{{{added}}},{"action":"delete","target":{"repository":"team/old"}}]}""");
        await Eventually.BeAsync(async () => await server.Index.GetAsync("team/new") is not null && await server.Index.GetAsync("team/old") is null);
        (await server.Index.GetAsync("team/app"))!.Description.Should().Be("By hand");

        await PostAsync(server, """{"events":[{"action":"delete","target":{"repository":"team/app","tag":"latest"}},{"action":"delete","target":{"repository":"team/new","digest":"sha256:0"}}]}""");
        await Eventually.BeAsync(async () => (await server.Client.GetStringAsync("/readyz")).Contains("\"pending\":0", StringComparison.Ordinal));
        (await server.Index.ListAsync().CountAsync()).Should().Be(2);
    }

    [Fact]
    public async Task Without_a_registry_API_the_storage_is_read()
    {
        await using var registry = await DockerRegistry.StartAsync();
        using var pusher = new RegistryPusher(registry.Address);
        await pusher.PrepareAsync("team/app");
        var digest = await pusher.PushAsync("team/app", "In the storage");
        await using var server = await RunningServer.StartAsync(("storage_path", registry.RootDirectory));
        await Eventually.BeAsync(async () => await server.Index.GetAsync("team/app") is not null);
        await pusher.PushAsync("team/app", "And again");
        await PostAsync(server, $$"""{"events":[{{Push}}]}""");
        await Eventually.BeAsync(async () => (await server.Index.GetAsync("team/app"))?.Description == "And again");
        await pusher.DeleteAsync("team/app", await pusher.PushAsync("team/app", "And again"));
        await pusher.DeleteAsync("team/app", digest);
        await PostAsync(server, """{"events":[{"action":"delete","target":{"repository":"team/app","digest":"sha256:0"}}]}""");
        await Eventually.BeAsync(async () => await server.Index.GetAsync("team/app") is null);
    }

    [Theory]
    [InlineData("zz")]
    [InlineData("-1")]
    [InlineData("FFFFFFFFFFFFFFFFF")]
    [InlineData("80000000")]
    public async Task A_body_with_impossible_chunk_sizes_is_a_client_error(string size)
    {
        await using var server = await RunningServer.StartAsync();
        var log = CollectedLog.Of(server.Services);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{size}\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Should().StartWith("HTTP/1.1 400").And.Contain("malformed or incomplete");
        log.Lines.Should().ContainSingle().Which.Should().Contain("because the body is malformed or incomplete");
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, string body, string mediaType = "application/json")
    {
        using var content = new StringContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        return await server.Client.PostAsync("/events", content);
    }
}
