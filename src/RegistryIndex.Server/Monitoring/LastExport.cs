using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace RegistryIndex.Server.Monitoring;

/// <summary>
/// Sends the last metrics and traces when the server has stopped. The end of the server does not wait for a collector that hangs: the SDK
/// by itself would wait longer than a container's runtime does.
/// </summary>
internal sealed partial class LastExport(IServiceProvider services, ILogger<LastExport> logger) : IHostedService
{
    private const int Milliseconds = 2_000;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Each call blocks its thread.
        var traces = Task.Run(() => services.GetService<TracerProvider>()?.Shutdown(Milliseconds), CancellationToken.None);
        var metrics = Task.Run(() => services.GetService<MeterProvider>()?.Shutdown(Milliseconds), CancellationToken.None);
        if (await traces == false | await metrics == false)
            LogNotSent(logger);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last metrics or traces were not sent: the collector does not answer")]
    private static partial void LogNotSent(ILogger logger);
}
