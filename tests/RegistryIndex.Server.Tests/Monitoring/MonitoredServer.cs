using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Monitoring;

/// <summary>Reads the metrics of a server that is a process of its own, on a listener that is opened after the one for searches.</summary>
internal static partial class MonitoredServer
{
    public const string Setting = "metrics_urls=http://127.0.0.1:0";

    /// <summary>Where the server serves its metrics.</summary>
    public static async Task<Uri> MetricsUrlAsync(this RegistryIndexProcess server)
    {
        await Eventually.BeAsync(() => Listening().Count(server.Log) > 1, () => server.Log);
        return new($"{Listening().Matches(server.Log)[1].Groups[1].Value}/metrics");
    }

    public static async Task<PrometheusText> ReadMetricsAsync(this RegistryIndexProcess server, string? login = null)
    {
        using var client = new HttpClient();
        if (login is not null)
            client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        using var answer = await client.GetAsync(await server.MetricsUrlAsync());
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        return PrometheusText.Parse(await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType!.ToString());
    }

    /// <summary>Waits until the metrics are so.</summary>
    public static async Task<PrometheusText> WaitForMetricsAsync(this RegistryIndexProcess server, Func<PrometheusText, bool> areSo, string? login = null)
    {
        PrometheusText metrics = null!;
        await Eventually.BeAsync(async () => areSo(metrics = await server.ReadMetricsAsync(login)), () => string.Join('\n', metrics.Samples.Select(sample => $"{sample.Series} {sample.Value}")));
        return metrics;
    }

    [GeneratedRegex("Now listening on: (http://[^\\s\"]+)")]
    private static partial Regex Listening();
}
