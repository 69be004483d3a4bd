using System.Net;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.Tests.Conformance;
using RegistryIndex.Server.Tests.Hosting;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>More searches than the index can answer concurrently.</summary>
public sealed class SearchTurnsTests : IDisposable
{
    private const int Clients = 64;
    private static readonly string[] Paths = ["/v1/search?q=web", "/v2/_catalog", "/v1/search?q=", "/v2/_catalog?n=3&last=a"];
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        BlockingIndex.Release(_directory.Path);
        _directory.Dispose();
    }

    [Fact]
    public async Task While_the_maximum_number_of_searches_runs_further_ones_wait_and_other_requests_are_answered()
    {
        await using var server = await HeldServer.StartAsync(_directory.Path);
        var (client, turns, places) = (server.Client, server.Turns, server.Places);
        BlockingIndex.Hold(_directory.Path);
        var searches = Enumerable.Range(0, Clients).Select(i => client.GetAsync(Paths[i % Paths.Length], Stop)).ToList();
        await Eventually.BeAsync(() => Held == places && turns.Waiting == Clients - places);

        foreach (var path in new[] { "/healthz", "/readyz", "/v2/", "/v1/_ping", "/nothing" })
            (await client.GetAsync(path, Stop)).StatusCode.Should().Be(path == "/nothing" ? HttpStatusCode.NotFound : HttpStatusCode.OK);
        Held.Should().Be(places);
        searches.Should().NotContain(search => search.IsCompleted);

        BlockingIndex.Release(_directory.Path);
        foreach (var search in await Task.WhenAll(searches))
            search.StatusCode.Should().Be(HttpStatusCode.OK);
        turns.Waiting.Should().Be(0);
    }

    [Fact]
    public async Task Searches_and_events_leave_threads_for_other_requests()
    {
        // Searches and background work may block all but four of the threads, and there are enough requests to block them all.
        var threads = (2 * Environment.ProcessorCount) + 12 + 32 + 4;
        await using var server = await RegistryIndexProcess.ServeInEnvironmentAsync(
            [$"DOTNET_ThreadPool_ForceMaxWorkerThreads={threads:x}"],
            "--search-backend", "RegistryIndex.Server.Tests", "--set", $"{BlockingIndex.Key}={_directory.Path}", "--set", "Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Information");
        using var client = new HttpClient { BaseAddress = new($"http://{server.Address}"), Timeout = Eventually.Limit };
        await Eventually.BeAsync(async () => (await client.GetAsync("/readyz", Stop)).IsSuccessStatusCode);
        BlockingIndex.Hold(_directory.Path);
        var asked = Enumerable.Range(0, threads).SelectMany(i => new[] { client.GetAsync("/v1/search?q=web", Stop), client.PostAsync("/events", Push($"team/app-{i}"), Stop) }).ToList();
        await Eventually.BeAsync(() => Held + HeldWrites >= threads || (Held == 12 && HeldWrites > 0 && Count(server.Log, "Request starting") >= asked.Count));

        for (var time = 0; time < 20; time++)
        {
            (await client.GetAsync("/healthz", Stop)).StatusCode.Should().Be(HttpStatusCode.OK);
            (await client.GetAsync("/readyz", Stop)).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        Held.Should().Be(12);
        HeldWrites.Should().BeInRange(1, 8);
        BlockingIndex.Release(_directory.Path);
        foreach (var answer in await Task.WhenAll(asked))
            answer.StatusCode.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.ServiceUnavailable); // this server's clock runs
    }

    [Fact]
    public async Task A_search_that_waits_too_long_is_answered_with_retry_after()
    {
        await using var server = await HeldServer.StartAsync(_directory.Path);
        var (client, turns, places) = (server.Client, server.Turns, server.Places);
        BlockingIndex.Hold(_directory.Path);
        var held = Enumerable.Range(0, places).Select(_ => client.GetAsync("/v1/search?q=web", Stop)).ToList();
        await Eventually.BeAsync(() => Held == places);
        var (search, catalog, tags) = (client.GetAsync("/v1/search?q=web", Stop), client.GetAsync("/v2/_catalog", Stop), client.GetAsync("/api/v1/tags/web", Stop));
        var pages = ((string[])["/ui/?q=web", "/ui/r/web", "/ui/r/web?tags=", "/ui/n/web/"]).Select(path => client.GetAsync(path, Stop)).ToList();
        await Eventually.BeAsync(() => turns.Waiting == 3 + pages.Count);

        server.Time.Advance(SearchTurns.LongestWait);

        await IsToldToComeAgainAsync(await search, "\"error\":");
        await IsToldToComeAgainAsync(await catalog, "\"code\":\"UNAVAILABLE\"");
        await IsToldToComeAgainAsync(await tags, "\"code\":\"UNAVAILABLE\"");
        foreach (var page in pages)
            await IsToldToComeAgainAsync(await page, "<h1>Not available at the moment</h1>");
        turns.Waiting.Should().Be(0);
        BlockingIndex.Release(_directory.Path);
        foreach (var answer in await Task.WhenAll(held))
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_full_queue_answers_with_retry_after_at_once_and_a_client_that_disconnects_frees_its_place()
    {
        await using var server = await HeldServer.StartAsync(_directory.Path);
        var (client, turns, places) = (server.Client, server.Turns, server.Places);
        var taken = await Task.WhenAll(Enumerable.Range(0, places).Select(_ => turns.TryTakeAsync(Stop).AsTask()));
        using var leaving = new CancellationTokenSource();
        var goes = client.GetAsync("/v1/search?q=web", leaving.Token);
        await Eventually.BeAsync(() => turns.Waiting == 1);
        var waiting = Enumerable.Range(1, SearchTurns.MostWaiting - 1).Select(_ => turns.TryTakeAsync(Stop).AsTask()).ToList();
        turns.Waiting.Should().Be(SearchTurns.MostWaiting);

        await IsToldToComeAgainAsync(await client.GetAsync("/v1/search?q=web", Stop), "\"error\":");
        await IsToldToComeAgainAsync(await client.GetAsync("/v2/_catalog", Stop), "\"code\":\"UNAVAILABLE\"");
        turns.Waiting.Should().Be(SearchTurns.MostWaiting);

        await leaving.CancelAsync();
        await FluentActions.Awaiting(() => goes).Should().ThrowAsync<OperationCanceledException>();
        await Eventually.BeAsync(() => turns.Waiting == SearchTurns.MostWaiting - 1);
        var stays = client.GetAsync("/v1/search?q=web", Stop);
        await Eventually.BeAsync(() => turns.Waiting == SearchTurns.MostWaiting);
        foreach (var turn in taken)
            turn!.Dispose();
        foreach (var turn in waiting)
            (await turn)!.Dispose();
        (await stays).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_mirror_has_the_capacity_of_its_primary_and_blocks_threads_if_either_index_does()
    {
        await using var services = new ServiceCollection().AddLogging().AddRegistryIndex(new ConfigurationBuilder().AddInMemoryCollection([
            new("search_backend", "mirror"), new("mirror:primary", "dynamodb://index?region=eu-central-1"), new("mirror:secondary", $"sqlite:///{_directory.Path}/index.db")]).Build()).BuildServiceProvider();
        var capacity = services.GetRequiredService<ISearchCapacity>();
        capacity.SearchesAtOnce.Should().Be(64);
        capacity.HoldsThreads.Should().BeTrue();
    }

    [Fact]
    public async Task Waiting_searches_run_in_the_order_of_their_arrival()
    {
        await using var services = new ServiceCollection().AddMetrics().AddSingleton<TimeProvider, FakeTimeProvider>().AddSingleton<ISearchCapacity, OneAtATime>().AddSingleton<SearchTurns>().BuildServiceProvider();
        var turns = services.GetRequiredService<SearchTurns>();
        var first = await turns.TryTakeAsync(Stop);
        var others = Enumerable.Range(0, 5).Select(_ => turns.TryTakeAsync(Stop).AsTask()).ToList();

        for (RateLimitLease? turn = first; others is [var next, ..]; others.RemoveAt(0))
        {
            others.Should().NotContain(other => other.IsCompleted);
            turn!.Dispose();
            turn = await next;
        }
    }

    private static async Task IsToldToComeAgainAsync(HttpResponseMessage answer, string form)
    {
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.Should().BePositive();
        (await answer.Content.ReadAsStringAsync(Stop)).Should().Contain(form).And.Contain("try again in a few seconds");
    }

    private static StringContent Push(string name) => new(
        $$$"""{"events":[{"action":"push","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","repository":"{{{name}}}","tag":"latest"}}]}""",
        Encoding.UTF8,
        "application/json");

    private static int Count(string log, string text) => log.Split(text).Length - 1;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private int Held => BlockingIndex.Count(_directory.Path, "read");

    private int HeldWrites => BlockingIndex.Count(_directory.Path, "write");

    /// <summary>A server whose clock stands still, and whose index can be held.</summary>
    private sealed class HeldServer(RunningServer server, FakeTimeProvider time) : IAsyncDisposable
    {
        public HttpClient Client { get; } = new() { BaseAddress = server.Client.BaseAddress, Timeout = Eventually.Limit };

        public FakeTimeProvider Time => time;

        public SearchTurns Turns { get; } = server.Services.GetRequiredService<SearchTurns>();

        public int Places { get; } = server.Services.GetRequiredService<ISearchCapacity>().SearchesAtOnce;

        public static async Task<HeldServer> StartAsync(string directory)
        {
            var time = new FakeTimeProvider();
            return new(await RunningServer.StartAsync(time, ("search_backend", ForgetfulProvider.Name), (BlockingIndex.Key, directory), ("Logging:LogLevel:Default", "None")), time);
        }

        public ValueTask DisposeAsync()
        {
            Client.Dispose();
            return server.DisposeAsync();
        }
    }

    private sealed class OneAtATime : ISearchCapacity
    {
        public int SearchesAtOnce => 1;
    }
}
