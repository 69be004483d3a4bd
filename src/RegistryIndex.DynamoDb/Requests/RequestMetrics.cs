using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>What is sent to DynamoDB and what it costs, on the meter of the index.</summary>
internal sealed class RequestMetrics
{
    private readonly Counter<double> _readUnits;
    private readonly Counter<double> _writeUnits;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    public RequestMetrics(IMeterFactory factory)
    {
        var meter = factory.Create("RegistryIndex");
        _readUnits = meter.CreateCounter<double>("registryindex.dynamodb.read_units", "{unit}", "Billed read request units.");
        _writeUnits = meter.CreateCounter<double>("registryindex.dynamodb.write_units", "{unit}", "Billed write request units.");
        _requests = meter.CreateCounter<long>("registryindex.dynamodb.requests", "{request}", "Requests sent, those sent again included.");
        _duration = meter.CreateHistogram<double>("registryindex.dynamodb.request.duration", "s", "How long one request took.");
    }

    /// <param name="operation">The call of the index.</param>
    /// <param name="request">The request of DynamoDB, such as <c>Query</c>.</param>
    /// <param name="outcome">ok, or the error's code.</param>
    /// <param name="units">What it cost.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Record(string operation, string request, string outcome, Units units, TimeSpan elapsed)
    {
        var tags = new TagList { { "operation", operation }, { "request", request } };
        if (units.Read > 0)
            _readUnits.Add(units.Read, tags);
        if (units.Write > 0)
            _writeUnits.Add(units.Write, tags);
        tags.Add("outcome", outcome);
        _requests.Add(1, tags);
        _duration.Record(elapsed.TotalSeconds, tags);
    }
}
