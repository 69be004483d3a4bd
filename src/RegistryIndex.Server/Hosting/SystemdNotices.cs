using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Hosting;

/// <summary>
/// Tells systemd (<c>Type=notify</c>) that the server is ready, which it is when searches are answered, and that it stops. Does nothing
/// where the process has no <c>NOTIFY_SOCKET</c>.
/// </summary>
internal sealed partial class SystemdNotices(IIndexStartup startup, IHostApplicationLifetime lifetime, ILogger<SystemdNotices> logger) : BackgroundService
{
    private readonly SystemdNotifier _systemd = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_systemd.IsEnabled)
            return;
        lifetime.ApplicationStopping.Register(() => Tell(ServiceState.Stopping));
        await startup.Ready.WaitAsync(stoppingToken);
        Tell(ServiceState.Ready);
    }

    private void Tell(ServiceState state)
    {
        try
        {
            _systemd.Notify(state);
        }
        catch (SocketException error)
        {
            LogUntold(logger, state.ToString(), error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "systemd could not be notified of {State} on the socket in NOTIFY_SOCKET: {Problem}")]
    private static partial void LogUntold(ILogger logger, string state, string problem);
}
