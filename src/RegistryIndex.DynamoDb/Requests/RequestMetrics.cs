using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>Counts the requests to DynamoDB and their cost, on the meter of the index.</summary>
internal sealed class RequestMetrics
{
    // In seconds: DynamoDB answers within milliseconds, and gives up after its client's timeout.
    private static readonly double[] OfRequests = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Counter<double> _units;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    public RequestMetrics(IMeterFactory factory)
    {
        var meter = factory.Create("RegistryIndex");
        _units = meter.CreateCounter<double>("registryindex.dynamodb.units", "{unit}", "Billed request units, of reads and of writes.");
        _requests = meter.CreateCounter<long>("registryindex.dynamodb.requests", "{request}", "Requests sent, including retries.");
        _duration = meter.CreateHistogram<double>("registryindex.dynamodb.request.duration", "s", "The duration of one request.", advice: new() { HistogramBucketBoundaries = OfRequests });
    }

    /// <param name="operation">The call of the index.</param>
    /// <param name="request">The DynamoDB request, such as <c>Query</c>.</param>
    /// <param name="outcome">ok, or the error code.</param>
    /// <param name="units">The cost of the request.</param>
    /// <param name="elapsed">The duration of the request.</param>
    public void Record(string operation, string request, string outcome, Units units, TimeSpan elapsed)
    {
        var tags = new TagList { { "operation", operation }, { "request", request } };
        if (units.Read > 0)
            Bill("read", units.Read, tags);
        if (units.Write > 0)
            Bill("write", units.Write, tags);
        tags.Add("outcome", outcome);
        _requests.Add(1, tags);
        _duration.Record(elapsed.TotalSeconds, tags);
    }

    private void Bill(string kind, double units, TagList tags)
    {
        tags.Add("kind", kind); // of a copy
        _units.Add(units, tags);
    }
}
