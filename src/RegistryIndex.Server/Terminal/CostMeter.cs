using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using RegistryIndex.Diagnostics;

namespace RegistryIndex.Server.Terminal;

/// <summary>Adds up what a backend says its requests cost, for <c>--cost</c>.</summary>
internal sealed class CostMeter : IDisposable
{
    private const string Requests = "registryindex.dynamodb.requests";
    private const string ReadUnits = "registryindex.dynamodb.read_units";
    private const string WriteUnits = "registryindex.dynamodb.write_units";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);

    public CostMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == IndexMetrics.Name && instrument.Name is Requests or ReadUnits or WriteUnits)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.Start();
    }

    /// <summary>Forgets what came before, such as the initialization of the index.</summary>
    public void Reset() => _sums.Clear();

    /// <summary>What was billed since the last reset, on standard error.</summary>
    public void Write() => Console.Error.WriteLine(_sums.IsEmpty
        ? "Cost: this backend bills nothing by the request."
        : string.Create(CultureInfo.InvariantCulture, $"Cost: {Sum(ReadUnits):n1} read units and {Sum(WriteUnits):n1} write units in {Sum(Requests):n0} requests."));

    /// <summary>The same, where anything was billed at all.</summary>
    public void WriteIfBilled()
    {
        if (!_sums.IsEmpty)
            Write();
    }

    public void Dispose() => _listener.Dispose();

    private double Sum(string instrument) => _sums.GetValueOrDefault(instrument);

    private void Add(string instrument, double value) => _sums.AddOrUpdate(instrument, value, (_, sum) => sum + value);
}
