using System.Diagnostics.Metrics;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RegistryIndex.Diagnostics;
using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Monitoring;

/// <summary>
/// Serves the metrics, and sends metrics and traces by OTLP. Only this class and <see cref="LastExport"/> use OpenTelemetry, and they are used
/// only if one of them is wanted, so that other servers do not load it.
/// </summary>
internal static class Telemetry
{
    private static readonly string[] Meters = [RegistryIndexDiagnostics.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime"];
    private static readonly string[] Sources = [RegistryIndexDiagnostics.Name, "System.Net.Http"];

    public static void AddTelemetry(this IServiceCollection services, bool servesMetrics, OtlpSignal metrics, OtlpSignal traces)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService("registry-index", serviceVersion: ServerVersion.Current)
            .AddEnvironmentVariableDetector()); // last, as OTEL_SERVICE_NAME is stronger
        if (servesMetrics || metrics.IsSent)
        {
            telemetry.WithMetrics(meters =>
            {
                meters.AddMeter(Meters);
                if (servesMetrics)
                    meters.AddPrometheusExporter(prometheus => prometheus.ScopeInfoEnabled = false);
                if (metrics.IsSent)
                    meters.AddOtlpExporter(otlp => Configure(otlp, metrics));
            });
        }

        if (traces.IsSent)
        {
            telemetry.WithTracing(sources => sources
                .AddSource(Sources)
                .AddAspNetCoreInstrumentation(requests => requests.Filter = context => context.Features.Get<MetricsListener>() is null)
                .AddOtlpExporter(otlp => Configure(otlp, traces)));
        }

        if (metrics.IsSent || traces.IsSent)
            services.AddHostedService<LastExport>();
    }

    /// <summary>Begins to measure what only the server as a whole knows.</summary>
    public static void UseTelemetry(this WebApplication app) =>
        ProcessMetrics.Observe(app.Services.GetRequiredService<IMeterFactory>(), app.Services.GetRequiredService<IRegistryIndex>());

    public static void MapMetrics(this WebApplication app, MetricsListener listener) =>
        app.MapPrometheusScrapingEndpoint(MetricsListener.Path).WithMetadata(listener).DisableHttpMetrics();

    // The exporter itself reads only the variables of all signals.
    private static void Configure(OtlpExporterOptions otlp, OtlpSignal signal)
    {
        if (signal.OfItsOwn("PROTOCOL") is { } protocol)
            otlp.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        if (signal.OfItsOwn("ENDPOINT") is { } endpoint)
            otlp.Endpoint = new(endpoint);
        if (signal.OfItsOwn("HEADERS") is { } headers)
            otlp.Headers = headers;
        if (int.TryParse(signal.OfItsOwn("TIMEOUT"), out var milliseconds))
            otlp.TimeoutMilliseconds = milliseconds;
    }
}
