using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RegistryIndex.Benchmarks.Http;

/// <summary>
/// Measures the web pages of the published server, filled by the import command with repositories that have facts: the bytes of the first page
/// with all that it loads, and the time of a page of results beside <c>/v1/search</c> for the same words.
/// </summary>
internal sealed partial class WebBenchmark(ServerProcess server, TextWriter output)
{
    private const int Rounds = 9;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.25);
    private static readonly string[] Encodings = ["identity", "gzip", "br"];

    /// <param name="count">The number of repositories.</param>
    /// <param name="output">The writer of the tables.</param>
    public static async Task RunAsync(int count, TextWriter output)
    {
        var directory = Directory.CreateTempSubdirectory("registry-index-bench-");
        try
        {
            var lines = Path.Combine(directory.FullName, "repositories.jsonl");
            await File.WriteAllLinesAsync(lines, new Corpus().TakePushed(count).Select(repository =>
                JsonSerializer.Serialize(new { name = repository.Name, description = repository.Description, facts = repository.Facts })));
            var program = await Published.PublishAsync(Path.Combine(directory.FullName, "published"));
            var database = $"sqlite:///{directory.FullName}/index.db";
            await HttpBenchmark.ImportAsync(program, lines, database);
            await using var server = await ServerProcess.StartAsync("this", program, "serve", "--urls", "http://127.0.0.1:0", "--database", database, "--set", "registry_public_url=https://registry.example.com");
            await server.ReadyAsync();
            var benchmark = new WebBenchmark(server, output);
            await benchmark.WriteBytesAsync();
            await benchmark.WarmAsync();
            foreach (var clients in new[] { 1, 8 })
                await benchmark.WriteTimesAsync(clients);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task WriteBytesAsync()
    {
        var files = Loaded().Matches(await server.Client.GetStringAsync(new Uri("/ui/", UriKind.Relative))).Select(file => file.Groups[1].Value).Distinct();
        await output.WriteLineAsync($"| first page, bytes | {string.Join(" | ", Encodings)} |\n|---|---|---|---|");
        var totals = new long[Encodings.Length];
        foreach (var path in files.Prepend("/ui/"))
        {
            var sizes = await Task.WhenAll(Encodings.Select(encoding => SizeAsync(path, encoding)));
            totals = [.. totals.Zip(sizes, (total, size) => total + size)];
            await output.WriteLineAsync(Row($"`{path}`", sizes));
        }

        await output.WriteLineAsync($"{Row("together", totals)}\n");
    }

    private async Task<long> SizeAsync(string path, string encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue(encoding) } } };
        using var answer = await server.Client.SendAsync(request);
        return (await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Length;
    }

    // Compressed, as a browser asks for pages.
    private async Task WriteTimesAsync(int clients)
    {
        await output.WriteLineAsync($"| {clients} {(clients == 1 ? "client" : "clients")}: term | `/v1/search`, ms | `/ui/`, ms | difference, ms | `/v1/search`, a second | `/ui/`, a second |\n|---|---|---|---|---|---|");
        using var browser = Browser();
        foreach (var (what, term) in HttpBenchmark.Classes)
        {
            var query = $"?q={Uri.EscapeDataString(term)}";
            var (searches, pages) = (new List<Load>(), new List<Load>());
            for (var round = -1; round < Rounds; round++)
            {
                var (search, page) = (await Load.RunAsync(server.Client, $"/v1/search{query}", clients, Round), await Load.RunAsync(browser, $"/ui/{query}", clients, Round));
                if (search.Busy + search.Errors + page.Busy + page.Errors > 0)
                    throw new InvalidOperationException($"A search for '{term}' did not answer 200.");
                if (round < 0) // warms the caches
                    continue;
                searches.Add(search);
                pages.Add(page);
            }

            var (ofSearches, ofPages) = (Load.Sum(searches), Load.Sum(pages));
            var difference = searches.Zip(pages, (search, page) => page.Median - search.Median).Order().ElementAt(Rounds / 2);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {what} (`{term}`) | {ofSearches.Median:0.00} | {ofPages.Median:0.00} | {difference:0.00} | {ofSearches.PerSecond:n0} | {ofPages.PerSecond:n0} |"));
        }

        await output.WriteLineAsync();
    }

    // The runtime compiles often called methods again, beside a client that leaves it a processor. After this, the first class runs the same
    // code as the last.
    private async Task WarmAsync()
    {
        using var browser = Browser();
        foreach (var (_, term) in HttpBenchmark.Classes)
        {
            await Load.RunAsync(server.Client, $"/v1/search?q={Uri.EscapeDataString(term)}", 1, 4 * Round);
            await Load.RunAsync(browser, $"/ui/?q={Uri.EscapeDataString(term)}", 1, 4 * Round);
        }
    }

    private HttpClient Browser() =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue, UseProxy = false }) { BaseAddress = server.Client.BaseAddress, DefaultRequestHeaders = { AcceptEncoding = { new("br") } } };

    private static string Row(string what, IEnumerable<long> sizes) => $"| {what} | {string.Join(" | ", sizes.Select(size => size.ToString("n0", CultureInfo.InvariantCulture)))} |";

    [GeneratedRegex("\"(/ui/assets/[^\"]+)\"")]
    private static partial Regex Loaded();
}
