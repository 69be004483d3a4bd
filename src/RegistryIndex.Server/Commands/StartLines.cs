using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Answers;
using RegistryIndex.Server.Monitoring;
using RegistryIndex.Server.Output;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Commands;

/// <summary>
/// Writes the first lines of the server's log: the version, the index, the registry, and who may send requests. The web server logs where
/// it listens.
/// </summary>
internal static partial class StartLines
{
    public static void Write(WebApplication app, IConfiguration settings)
    {
        var services = app.Services;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("RegistryIndex");
        LogVersion(logger, ServerVersion.Current, RuntimeInformation.FrameworkDescription);
        LogIndex(logger, services.GetRequiredService<IRegistryIndex>().Provider, services.GetService<IRegistryIndexSource>()?.Location ?? "as its settings say");
        LogRegistry(logger, services.GetRequiredService<IFollowedSource>().Source?.Location ?? "none; only events are followed");
        var access = services.GetRequiredService<IOptions<AccessOptions>>().Value;
        if (JoinedValues.Of(services.GetRequiredService<IOptions<MonitoringOptions>>().Value.MetricsUrls) is { Length: > 0 } metrics)
            LogMetrics(logger, string.Join(" and ", metrics), MetricsListener.Path);
        foreach (var signal in OtlpSignal.Names.Select(name => new OtlpSignal(name, settings)).Where(signal => signal.IsSent))
            LogSent(logger, signal.Name, RedactedText.Of(signal.Endpoint!));
        LogLogin(logger, access.NeedsLogin ? $"required for searches ({access.Htpasswd})" : "none; every client that reaches the server may search");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "registry-index {Version} on {Runtime}")]
    private static partial void LogVersion(ILogger logger, string version, string runtime);

    [LoggerMessage(Level = LogLevel.Information, Message = "Index: {Provider}, {Location}")]
    private static partial void LogIndex(ILogger logger, string provider, string location);

    [LoggerMessage(Level = LogLevel.Information, Message = "Registry: {Registry}")]
    private static partial void LogRegistry(ILogger logger, string registry);

    [LoggerMessage(Level = LogLevel.Information, Message = "Metrics: served at {Urls}, path {Path}")]
    private static partial void LogMetrics(ILogger logger, string urls, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "OTLP: {Signal} are sent to {Endpoint}")]
    private static partial void LogSent(ILogger logger, string signal, string endpoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Login: {Login}")]
    private static partial void LogLogin(ILogger logger, string login);
}
