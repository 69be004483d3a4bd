using System.Diagnostics;
using System.Globalization;
using RegistryIndex.Benchmarks.Http;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Benchmarks;

/// <summary>
/// Measures the files of a release and the program in its archive for linux-x64: the sizes, the time from the start of the process until it
/// answers searches, and its memory, with an empty index and with an index of many repositories.
/// </summary>
internal static class ReleaseBenchmark
{
    private const int Starts = 9;
    private const int Searches = 2_000;
    private static readonly string[] Terms = ["", Corpus.Rare, Corpus.Medium, Corpus.Quarter, Corpus.QuarterOfNames, "gor", "z", "nothing-like-it"];

    /// <param name="release">The directory that <c>eng/release.sh</c> fills.</param>
    /// <param name="count">The number of repositories.</param>
    /// <param name="output">The writer of the tables.</param>
    /// <exception cref="FileNotFoundException">The directory has no archive for linux-x64.</exception>
    public static async Task RunAsync(string release, int count, TextWriter output)
    {
        var archive = Directory.GetFiles(release, "registry-index-*-linux-x64.tar.gz").SingleOrDefault() ?? throw new FileNotFoundException($"{release} has no archive for linux-x64: make it by eng/release.sh VERSION.");
        await output.WriteLineAsync("| file | MB | unpacked, MB |\n|---|---|---|");
        foreach (var file in Directory.GetFiles(release).Where(IsProgram).Order(StringComparer.Ordinal))
        {
            var unpacked = await ArchiveContent.SizeAsync(file);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| `{Path.GetFileName(file)}` | {new FileInfo(file).Length / 1e6:0.0} | {unpacked / 1e6:0.0} |"));
        }

        var directory = Directory.CreateTempSubdirectory("registry-index-bench-");
        try
        {
            await CheckedAsync("tar", "-xzf", archive, "-C", directory.FullName, "--strip-components=1");
            var program = Path.Combine(directory.FullName, "registry-index");
            var rows = Path.Combine(directory.FullName, "repositories.tsv");
            await File.WriteAllLinesAsync(rows, new Corpus().Take(count).Select(repository => $"{repository.Name}\t{repository.Description}"));
            var (empty, full) = ($"sqlite:///{directory.FullName}/empty.db", $"sqlite:///{directory.FullName}/full.db");
            await CheckedAsync(program, "import", rows, "--database", full);

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"\n| repositories | ready after, s | memory when ready, MiB | after {Searches:n0} searches, MiB |\n|---|---|---|---|"));
            await MeasureAsync(program, "0", empty, output);
            await MeasureAsync(program, count.ToString("n0", CultureInfo.InvariantCulture), full, output);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static bool IsProgram(string file) => file.EndsWith(".tar.gz", StringComparison.Ordinal) || file.EndsWith(".zip", StringComparison.Ordinal) || file.EndsWith(".tar", StringComparison.Ordinal) || file.EndsWith(".nupkg", StringComparison.Ordinal);

    private static async Task MeasureAsync(string program, string repositories, string database, TextWriter output)
    {
        var (seconds, ready, searched) = (new List<double>(), new List<double>(), 0.0);
        for (var i = -1; i < Starts; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await using var server = await ServerProcess.StartAsync("the server", program, "serve", "--urls", "http://127.0.0.1:0", "--database", database);
            await server.ReadyAsync();
            if (i < 0)
                continue; // the first start reads the files from the disk, and makes the empty index
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            ready.Add(server.WorkingSet);
            if (i < Starts - 1)
                continue;
            for (var search = 0; search < Searches; search++)
                await server.Client.GetStringAsync(new Uri($"/v1/search?q={Terms[search % Terms.Length]}", UriKind.Relative));
            searched = server.WorkingSet;
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {repositories} | {Median(seconds):0.00} ({seconds.Min():0.00} to {seconds.Max():0.00}) | {Median(ready):0} ({ready.Min():0} to {ready.Max():0}) | {searched:0} |"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task CheckedAsync(string program, params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync(program, arguments);
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with exit code {result.ExitCode}: {result.Stderr}");
    }
}
