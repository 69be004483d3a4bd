using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Migration;

namespace RegistryIndex.Testing;

/// <summary>Mirrors of given indexes, and their metrics.</summary>
public sealed class Mirrors : IAsyncDisposable
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

    /// <summary>How often an event has occurred, such as <c>writes failed</c>.</summary>
    public long Count(string what)
    {
        lock (_counts)
            return _counts.GetValueOrDefault(what);
    }

    /// <summary>Opens a mirror and initializes it.</summary>
    public async Task<OpenMirror> OpenAsync(IRegistryIndex primary, IRegistryIndex secondary, double compare = 0)
    {
        var mirror = new OpenMirror(new ServiceCollection().AddLogging().AddSingleton(_services.GetRequiredService<IMeterFactory>())
            .AddMirroredRegistryIndex(_ => primary, _ => secondary, _ => new() { ComparedShare = compare })
            .BuildServiceProvider());
        await mirror.InitializeAsync();
        return mirror;
    }

    /// <summary>Waits until the secondary has caught up.</summary>
    public static Task CaughtUpAsync(OpenMirror mirror)
    {
        ArgumentNullException.ThrowIfNull(mirror);
        return Eventually.BeAsync(() => mirror.State.Pending == 0, () => $"the mirror stays behind: {mirror.State}");
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _services.DisposeAsync();
    }
}

/// <summary>A mirror and its container, which are disposed together.</summary>
public sealed class OpenMirror(ServiceProvider services) : DelegatingIndex(services.GetRequiredService<IRegistryIndex>()), IMirroredIndex, IAsyncDisposable
{
    public MirrorState State => ((IMirroredIndex)Inner).State;

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
