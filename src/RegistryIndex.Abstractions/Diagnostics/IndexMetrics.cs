using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RegistryIndex.Diagnostics;

/// <summary>The meter and activity source <c>RegistryIndex</c>; what they hold is in docs/configuration.md.</summary>
internal sealed class IndexMetrics
{
    public const string Name = RegistryIndexDiagnostics.Name;

    // Seconds, from what memory answers in to what a load takes.
    private static readonly double[] Boundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private static readonly ActivitySource Activities = new(Name);
    private readonly Histogram<double> _duration;

    public IndexMetrics(IMeterFactory factory) => _duration = factory.Create(Name).CreateHistogram<double>(
        "registryindex.operation.duration", "s", "How long an operation of the index took.",
        advice: new() { HistogramBucketBoundaries = Boundaries });

    public static Activity? StartActivity(string operation, string provider) =>
        Activities.StartActivity($"registryindex {operation}", ActivityKind.Client)?.SetTag("registryindex.provider", provider);

    public void Record(string operation, string provider, TimeSpan elapsed, string? error)
    {
        var tags = new TagList { { "operation", operation }, { "provider", provider } };
        if (error is not null)
            tags.Add("error.type", error);
        _duration.Record(elapsed.TotalSeconds, tags);
    }
}
