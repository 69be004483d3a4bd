using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using RegistryIndex.Diagnostics;

namespace RegistryIndex.Server.Terminal;

/// <summary>Adds up the reported costs of a provider's requests, for <c>--cost</c>.</summary>
internal sealed class CostMeter : IDisposable
{
    private const string Requests = "registryindex.dynamodb.requests";
    private const string Units = "registryindex.dynamodb.units";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);

    public CostMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RegistryIndexDiagnostics.Name && instrument.Name is Requests or Units)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Add(KindIn(tags), value));
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Add(Requests, value));
        _listener.Start();
    }

    /// <summary>Discards earlier costs, such as those of the initialization of the index.</summary>
    public void Reset() => _sums.Clear();

    /// <summary>Writes the costs since the last reset to standard error.</summary>
    public void Write() => Console.Error.WriteLine(_sums.IsEmpty
        ? "Cost: this provider does not bill requests."
        : string.Create(CultureInfo.InvariantCulture, $"Cost: {Sum("read"):n1} read units and {Sum("write"):n1} write units in {Sum(Requests):n0} requests."));

    /// <summary>Writes the same, if anything was billed.</summary>
    public void WriteIfBilled()
    {
        if (!_sums.IsEmpty)
            Write();
    }

    public void Dispose() => _listener.Dispose();

    private double Sum(string what) => _sums.GetValueOrDefault(what);

    private void Add(string what, double value) => _sums.AddOrUpdate(what, value, (_, sum) => sum + value);

    private static string KindIn(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (name == "kind")
                return (string)value!;
        }

        return "";
    }
}
