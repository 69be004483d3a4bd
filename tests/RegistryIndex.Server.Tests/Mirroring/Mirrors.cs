using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.Migration.Mirroring;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Mirroring;

/// <summary>Mirrors of given indexes, and what they count.</summary>
internal sealed class Mirrors : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    public Mirrors()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>() && instrument is Counter<long>)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (_counts)
            {
                var key = $"{instrument.Name["registryindex.mirror.".Length..]} {tags[0].Value}";
                _counts[key] = _counts.GetValueOrDefault(key) + value;
            }
        });
        _listener.Start();
    }

    /// <summary>How often something happened, such as <c>writes failed</c>.</summary>
    public long Count(string what)
    {
        lock (_counts)
            return _counts.GetValueOrDefault(what);
    }

    public async Task<MirrorIndex> OpenAsync(IRegistryIndex primary, IRegistryIndex secondary, double compare = 0)
    {
        var mirror = new MirrorIndex(primary, secondary, new() { ComparedShare = compare }, _services.GetRequiredService<IMeterFactory>(), NullLoggerFactory.Instance, TimeProvider.System);
        await mirror.InitializeAsync(TestContext.Current.CancellationToken);
        return mirror;
    }

    /// <summary>Waits until the secondary has caught up.</summary>
    public static Task CaughtUpAsync(MirrorIndex mirror) => Eventually.BeAsync(() => mirror.State.Pending == 0, () => $"the mirror stays behind: {mirror.State}");

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _services.DisposeAsync();
    }
}
