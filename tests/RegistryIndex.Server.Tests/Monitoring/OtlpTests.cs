using System.Net;
using System.Net.Sockets;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Monitoring;

/// <summary>What a collector receives of a server with OpenTelemetry's standard variables.</summary>
public sealed class OtlpTests
{
    private static readonly string[] Soon = ["OTEL_METRIC_EXPORT_INTERVAL=100", "OTEL_BSP_SCHEDULE_DELAY=100"];

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Only_metrics_and_traces_are_sent(string protocol)
    {
        await using var collector = await OtlpCollector.StartAsync(protocol == "grpc");
        await using var server = await ServeAsync($"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", $"OTEL_EXPORTER_OTLP_PROTOCOL={protocol}", "OTEL_SERVICE_NAME=mine");
        await SearchAsync(server);
        foreach (var name in (string[])["registryindex.search.duration", "registryindex.operation.duration", "registryindex.build_info", "http.server.request.duration", "process.cpu"])
            await Eventually.BeAsync(() => collector.Metrics.Any(metric => metric.Name == name && metric.Service == "mine"), () => string.Join(", ", collector.Metrics));
        await Eventually.BeAsync(() => collector.Spans.Contains(("mine", "RegistryIndex", "registryindex search")), () => string.Join(", ", collector.Spans));
        await Eventually.BeAsync(() => collector.Spans.Any(span => span.Scope == "Microsoft.AspNetCore"), () => string.Join(", ", collector.Spans));
        await Eventually.BeAsync(() => collector.Spans.Contains(("mine", "Microsoft.AspNetCore", "GET /v1/search")), () => string.Join(", ", collector.Spans));
        server.Log.Should().Contain($"metrics are sent to {collector.Url}").And.Contain($"traces are sent to {collector.Url}");
    }

    [Fact]
    public async Task Metrics_or_traces_can_be_sent_alone_beside_the_metrics_for_Prometheus()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await ServeAsync($"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT={collector.Url}/v1/traces", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf", $"REGISTRYINDEX__{MonitoredServer.Setting.Replace("metrics_urls", "METRICS_URLS", StringComparison.Ordinal)}");
        await SearchAsync(server);
        (await server.ReadMetricsAsync()).Sum("registryindex_search_duration_seconds_count").Should().BePositive();
        await Eventually.BeAsync(() => collector.Spans.Any(span => span.Name == "registryindex search" && span.Service == "registry-index"));
        (await server.StopAsync()).Should().Be(0, server.Log); // what is left is sent at the end
        collector.Metrics.Should().BeEmpty();
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED=true", true)]
    [InlineData("OTEL_METRICS_EXPORTER=none", false)]
    public async Task Disabled_signals_are_not_sent(string variable, bool isAll)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await ServeAsync($"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", variable, $"REGISTRYINDEX__METRICS_URLS=http://127.0.0.1:0");
        await SearchAsync(server);
        (await server.ReadMetricsAsync()).Sum("registryindex_search_duration_seconds_count").Should().BePositive("metrics_urls is a separate setting");
        (await server.StopAsync()).Should().Be(0, server.Log);
        collector.Metrics.Should().BeEmpty();
        collector.Spans.IsEmpty.Should().Be(isAll);
        collector.Unknown.Should().BeEmpty();
    }

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task A_collector_that_does_not_answer_does_not_hold_up_the_end(string protocol)
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start(); // the system accepts connections, and nothing answers them
        await using var server = await ServeAsync($"OTEL_EXPORTER_OTLP_ENDPOINT=http://{hanging.LocalEndpoint}", $"OTEL_EXPORTER_OTLP_PROTOCOL={protocol}");
        await SearchAsync(server);
        (await server.StopAsync()).Should().Be(0, server.Log);
        server.Log.Should().Contain("The last metrics or traces were not sent: the collector does not answer").And.NotContain("the index or the registry does not answer");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317", "must be the http or https address of a collector, such as http://127.0.0.1:4317.")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=ftp://collector", "must be the http or https address of a collector, such as http://127.0.0.1:4317.")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL=http/json", "must be grpc or http/protobuf.")]
    [InlineData("OTEL_SDK_DISABLED=perhaps", "must be true or false.")]
    public async Task A_wrong_value_is_refused_in_one_sentence(string variable, string must)
    {
        var result = await RegistryIndexProcess.RunInEnvironmentAsync([variable], "serve", "--database", "sqlite://", "--urls", "http://127.0.0.1:0");
        result.ExitCode.Should().Be(2, result.Stdout);
        result.Stderr.Should().Be($"registry-index: {variable.Split('=')[0]} is '{variable.Split('=')[1]}' (environment variable {variable.Split('=')[0]}), and {must}\n");
    }

    private static Task<RegistryIndexProcess> ServeAsync(params string[] environment) => RegistryIndexProcess.ServeInEnvironmentAsync([.. Soon, .. environment], "--database", "sqlite://");

    private static async Task SearchAsync(RegistryIndexProcess server)
    {
        await server.WaitForAsync("Ready: searches are answered");
        using var client = new HttpClient();
        (await client.GetStringAsync(new Uri($"http://{server.Address}/v1/search?q=web"), TestContext.Current.CancellationToken)).Should().Contain("num_results");
    }
}
