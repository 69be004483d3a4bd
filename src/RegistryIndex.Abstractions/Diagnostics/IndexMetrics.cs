using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RegistryIndex.Diagnostics;

/// <summary>The meter and the activity source <c>RegistryIndex</c>. docs/monitoring.md lists their contents.</summary>
internal sealed class IndexMetrics
{
    public const string Name = RegistryIndexDiagnostics.Name;

    // In seconds: from an answer out of memory to a search that scans.
    private static readonly double[] OfSearches = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25];

    // From a read of one row to a complete load.
    private static readonly double[] OfOperations = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private static readonly ActivitySource Activities = new(Name);
    private readonly Histogram<double> _searches;
    private readonly Histogram<double> _operations;

    public IndexMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        _searches = meter.CreateHistogram<double>("registryindex.search.duration", "s", "How long the index took for a search.", advice: new() { HistogramBucketBoundaries = OfSearches });
        _operations = meter.CreateHistogram<double>(
            "registryindex.operation.duration", "s", "How long any other operation of the index took.", advice: new() { HistogramBucketBoundaries = OfOperations });
    }

    public static Activity? StartActivity(string operation, string provider) =>
        Activities.StartActivity($"registryindex {operation}", ActivityKind.Client)?.SetTag("registryindex.provider", provider);

    public void Record(string operation, string provider, TimeSpan elapsed, string? error)
    {
        var tags = new TagList { { "provider", provider } };
        if (error is not null)
            tags.Add("error.type", error);
        var isSearch = operation == "search";
        if (!isSearch)
            tags.Add("operation", operation);
        (isSearch ? _searches : _operations).Record(elapsed.TotalSeconds, tags);
    }
}
