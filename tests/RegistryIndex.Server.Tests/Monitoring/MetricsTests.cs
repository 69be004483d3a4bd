using System.Net;
using RegistryIndex.Server.Tests.Access;
using RegistryIndex.Server.Tests.Live;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Monitoring;

/// <summary>What Prometheus reads of a real server that follows a real registry.</summary>
public sealed class MetricsTests
{
    // Everything else could hold what users push or type.
    private static readonly string[] Labels =
    [
        "aspnetcore_request_is_unhandled", "change", "cpu_mode", "error_type", "gc_heap_generation", "http_request_method", "http_response_status_code", "http_route", "kind", "le",
        "network_protocol_version", "operation", "outcome", "provider", "request", "runtime", "url_scheme", "version",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_push_a_search_and_a_sync_are_counted_without_labels_of_repositories()
    {
        await using var live = await LiveRegistry.StartAsync(isProcess: true, settings: ("metrics_urls", "http://127.0.0.1:0"));
        var server = live.Process!;
        await server.WaitForMetricsAsync(metrics => metrics.Sum("registryindex_sync_duration_seconds_count", ("outcome", "done")) > 0);
        await live.WaitForReadinessAsync(following => following["last_sync"] is not null);
        var before = await server.ReadMetricsAsync();
        before.Sum("registryindex_registry_up").Should().Be(1);
        before.Sum("registryindex_last_sync_timestamp_seconds").Should().BeGreaterThan(before.Sum("process_start_time_seconds"));

        live.Proxy.Fault = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        foreach (var number in Enumerable.Range(0, 4)) // one look-up that fails says nothing of the registry
        {
            await live.Pusher.PrepareAsync($"secret-team/app-{number}", Stop);
            await live.Pusher.PushAsync($"secret-team/app-{number}", "Front end", cancellationToken: Stop);
        }

        await server.WaitForMetricsAsync(metrics => metrics.Sum("registryindex_event_queue_length") > 0 && metrics.Sum("registryindex_registry_up") == 0
            && metrics.Sum("registryindex_lookups_total", ("outcome", "failed")) > 0);
        live.Proxy.Fault = _ => Task.FromResult(false);
        await live.WaitForAllAsync(() => Enumerable.Range(0, 4).Select(number => ($"secret-team/app-{number}", (string?)"Front end")));

        var after = await server.WaitForMetricsAsync(metrics => metrics.Sum("registryindex_event_queue_length") == 0);
        after.Sum("registryindex_registry_up").Should().Be(1);
        foreach (var (name, labels) in ((string, (string, string)[])[])
        [
            ("registryindex_search_duration_seconds_count", []),
            ("registryindex_operation_duration_seconds_count", [("operation", "upsert")]),
            ("registryindex_events_total", [("outcome", "noted")]),
            ("registryindex_lookups_total", [("outcome", "found")]),
            ("registryindex_changes_total", [("change", "added")]),
            ("http_server_request_duration_seconds_count", [("http_route", "/v1/search")]),
            ("process_cpu_seconds_total", []),
        ])
            after.Sum(name, labels).Should().BeGreaterThan(before.Sum(name, labels), name);

        after.Sum("registryindex_build_info", ("version", Answers.ServerVersion.Current), ("provider", "efcore")).Should().Be(1);
        after.Names.Should().Contain(["process_resident_memory_bytes", "process_open_fds", "process_max_fds"]);
        var samples = after.Samples.Where(sample => sample.Name != "target_info").ToList();
        samples.SelectMany(sample => sample.Labels.Keys).Distinct().Should().BeSubsetOf(Labels);
        samples.Should().NotContain(sample => sample.Labels.Values.Any(value => value.Contains("secret-team", StringComparison.Ordinal)));
        samples.Should().NotContain(sample => sample.Labels.GetValueOrDefault("http_route") == "/metrics", "the requests of Prometheus are not counted");
        Boundaries(after, "registryindex_search_duration_seconds").Should().Contain([0.001, 0.01, 0.1]).And.HaveElementAt(0, 0.0005);
        Boundaries(after, "registryindex_sync_duration_seconds").Should().Contain([1, 60, 3600]);
    }

    [Fact]
    public async Task Metrics_need_a_login_if_searches_do_and_logins_are_counted()
    {
        using var directory = new TemporaryDirectory();
        var (htpasswd, login) = (Path.Combine(directory.Path, "htpasswd"), "prometheus:password");
        await File.WriteAllTextAsync(htpasswd, ProtectedServer.LineOf("prometheus", "password"), Stop);
        await using var server = await RegistryIndexProcess.ServeAsync("--database", "sqlite://", "--set", $"htpasswd={htpasswd}", "--set", MonitoredServer.Setting);
        using var client = new HttpClient();
        (await client.GetAsync(await server.MetricsUrlAsync(), Stop)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await server.ReadMetricsAsync(login)).Sum("registryindex_logins_total", ("outcome", "right")).Should().BePositive();
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("mallory:guess"u8));
        (await client.GetAsync(new Uri($"http://{server.Address}/v1/search"), Stop)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        var metrics = await server.WaitForMetricsAsync(metrics => metrics.Sum("registryindex_logins_total", ("outcome", "wrong")) == 1, login);
        metrics.Samples.Should().NotContain(sample => sample.Labels.Values.Any(value => value == "mallory" || value == "prometheus"));
    }

    [Fact]
    public async Task Metrics_are_served_only_on_their_addresses_and_nothing_else_is_served_there()
    {
        using var directory = new TemporaryDirectory();
        var (socket, socketOfMetrics, port) = (Path.Combine(directory.Path, "s"), Path.Combine(directory.Path, "m"), FreePort.Find());
        await using var server = await RegistryIndexProcess.ServeAtAsync(
            $"http://127.0.0.1:0;http://unix:{socket}", "--database", "sqlite://", "--set", $"metrics_urls=http://unix:{socketOfMetrics};http://localhost:{port}");
        await server.WaitForAsync($"Now listening on: http://localhost:{port}");
        await server.WaitForAsync("Ready: searches are answered");
        foreach (var (at, isOfMetrics) in ((string, bool)[])[(server.Address, false), (socket, false), (socketOfMetrics, true), ($"127.0.0.1:{port}", true)])
        {
            using var client = ClientOf(at);
            foreach (var (path, isMetrics) in ((string, bool)[])[("/metrics", true), ("/v1/search", false), ("/healthz", false), ("/livez", false), ("/readyz", false), ("/v2/", false), ("/api/v1", false), ("/ui/", false), ("/", false)])
            {
                if (path == "/" && !isOfMetrics)
                    continue;
                using var answer = await client.GetAsync(path, Stop);
                answer.StatusCode.Should().Be(isMetrics == isOfMetrics ? HttpStatusCode.OK : HttpStatusCode.NotFound, "{0} of {1}", path, at);
            }

            using var events = await client.PostAsync("/events", new StringContent("{\"events\":[]}", null, "application/json"), Stop);
            (events.StatusCode == HttpStatusCode.NotFound).Should().Be(isOfMetrics);
        }
    }

    [Fact]
    public async Task The_billed_units_of_DynamoDB_are_counted()
    {
        var dynamoDb = await DynamoDbServer.GetAsync();
        if (dynamoDb.Endpoint is null && !DynamoDbServer.IsRequired)
            Assert.Skip(dynamoDb.WhyNot!);
        await using var server = await RegistryIndexProcess.ServeAsync(
            "--search-backend", "dynamodb", "--set", $"extensions:dynamodb_index:endpoint={dynamoDb.Endpoint}", "--set", $"extensions:dynamodb_index:database=test-{Guid.NewGuid():n}",
            "--set", "extensions:dynamodb_index:access_key=test", "--set", "extensions:dynamodb_index:secret_access_key=test", "--set", MonitoredServer.Setting);
        await server.WaitForMetricsAsync(metrics => metrics.Sum("registryindex_dynamodb_units_total", ("kind", "read")) > 0 && metrics.Sum("registryindex_dynamodb_units_total", ("kind", "write")) > 0
            && metrics.Sum("registryindex_dynamodb_requests_total", ("outcome", "ok")) > 0);
    }

    [Fact]
    public async Task Assemblies_of_disabled_exporters_are_not_loaded()
    {
        await using var without = await RegistryIndexProcess.ServeAsync("--database", "sqlite://");
        await using var with = await RegistryIndexProcess.ServeAsync("--database", "sqlite://", "--set", MonitoredServer.Setting);
        await with.WaitUntilLoadedAsync("OpenTelemetry.dll");
        await without.WaitForAsync("Ready: searches are answered");
        (await without.HasLoadedAsync("OpenTelemetry")).Should().BeFalse();
    }

    private static IEnumerable<double> Boundaries(PrometheusText metrics, string name) => metrics.Samples
        .Where(sample => sample.Name == $"{name}_bucket" && sample.Labels["le"] != "+Inf").Select(sample => double.Parse(sample.Labels["le"], System.Globalization.CultureInfo.InvariantCulture)).Distinct();

    private static HttpClient ClientOf(string at) => !at.StartsWith('/') ? new() { BaseAddress = new($"http://{at}") } : new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
            await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(at), cancellationToken);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new("http://127.0.0.1"),
    };
}
