using System.Globalization;
using Npgsql;
using RegistryIndex.Testing.PostgreSql;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Benchmarks.Http;

/// <summary>
/// Measures the published server by HTTP, filled by the import command: every class of terms with one and with many clients, and the times
/// of <c>/healthz</c> and <c>/readyz</c> meanwhile. Compares it in turn with the static route of a bare server and, if named, another build.
/// </summary>
internal sealed class HttpBenchmark(IReadOnlyList<ServerProcess> servers, ServerProcess bare, TextWriter output)
{
    private const int Rounds = 5;
    private const int TensOfRare = 20;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(5);

    /// <summary>What is searched for.</summary>
    public static readonly (string What, string Term)[] Classes =
    [
        ("every repository", ""), ("rare, 1 in 10,000", Corpus.Rare), ("common, 1 in 12", "gor"), ("very common, a quarter", Corpus.QuarterOfNames),
        ("one character", "z"), ("two characters", "ba"), ("two characters that none has", "qz"), ("none", "nothing-like-it"),
        ("two words", $"{Corpus.Quarter} {Corpus.Medium}"), ("a quarter, in descriptions", Corpus.Quarter),
    ];

    /// <param name="count">The number of repositories.</param>
    /// <param name="onPostgreSql">True for PostgreSQL, false for SQLite.</param>
    /// <param name="beside">The program of another build to measure.</param>
    /// <param name="output">The writer of the tables.</param>
    public static async Task RunAsync(int count, bool onPostgreSql, string? beside, TextWriter output)
    {
        var directory = Directory.CreateTempSubdirectory("registry-index-bench-");
        var postgres = onPostgreSql ? await PostgreSqlServer.StartAsync(withSmallDisk: false, "fsync=on") : null;
        var servers = new List<ServerProcess>();
        try
        {
            var rows = Path.Combine(directory.FullName, "repositories.tsv");
            await File.WriteAllLinesAsync(rows, new Corpus().Take(count).Select(repository => $"{repository.Name}\t{repository.Description}"));
            var programs = new List<(string Name, string Program)> { ("this", await Published.PublishAsync(Path.Combine(directory.FullName, "published"))) };
            if (beside is not null)
                programs.Add(("beside", Path.GetFullPath(beside)));
            await output.WriteLineAsync("| import of a file by the command | repositories | seconds | rows a second |\n|---|---|---|---|");
            foreach (var (name, program) in programs)
            {
                var database = postgres is null ? $"sqlite:///{directory.FullName}/{name}.db" : await CreateAsync(postgres, name);
                var seconds = await Measure.SecondsAsync(() => ImportAsync(program, rows, database));
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {name} | {count:n0} | {seconds:0.0} | {count / seconds:n0} |"));
                servers.Add(await ServerProcess.StartAsync(name, program, "serve", "--urls", "http://127.0.0.1:0", "--database", database));
                await servers[^1].ReadyAsync();
            }

            await output.WriteLineAsync();
            await using var bare = await ServerProcess.StartAsync("bare", Path.Combine(AppContext.BaseDirectory, "RegistryIndex.Benchmarks"), "bare-server");
            var benchmark = new HttpBenchmark(servers, bare, output);
            await benchmark.RunTenRareAsync();
            foreach (var clients in new[] { 1, 8, 64 })
                await benchmark.RunAsync(clients);
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
            if (postgres is not null)
                await postgres.DisposeAsync();
            directory.Delete(recursive: true);
        }
    }

    // The reference for the times of the probes while many clients search.
    private async Task RunTenRareAsync()
    {
        foreach (var server in servers)
        {
            var times = new List<double>();
            for (var time = -1; time < TensOfRare; time++)
            {
                var seconds = await Measure.SecondsAsync(async () =>
                {
                    for (var search = 0; search < 10; search++)
                        await server.Client.GetStringAsync(new Uri($"/v1/search?q={Corpus.Rare}", UriKind.Relative));
                });
                if (time >= 0)
                    times.Add(1000 * seconds);
            }

            times.Sort();
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Ten searches for `{Corpus.Rare}`, one after the other, took {server.Name} {times[TensOfRare / 2]:0.0} ms (median of {TensOfRare}; p99 {times[^1]:0.0}).\n"));
        }
    }

    private async Task RunAsync(int clients)
    {
        await output.WriteLineAsync($"| {clients} {(clients == 1 ? "client" : "clients")}: term | server | median, ms | of the rounds | requests a second | of the static route's | 503 | other errors | p99 of /healthz, ms | of /readyz, ms | memory, MiB |\n|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (what, term) in Classes)
        {
            var path = $"/v1/search?q={Uri.EscapeDataString(term)}";
            var still = new List<Load>();
            var loads = servers.Select(_ => new List<(Load Load, Load Health, Load Ready)>()).ToList();
            for (var round = -1; round < Rounds; round++)
            {
                var load = await Load.RunAsync(bare.Client, "/v1/search", clients, Round);
                if (round >= 0) // the first round warms the caches
                    still.Add(load);
                for (var i = 0; i < servers.Count; i++)
                {
                    var measured = await ProbedAsync(servers[i], path, clients);
                    if (round >= 0)
                        loads[i].Add(measured);
                }
            }

            await WriteAsync($"the static route beside `{term}`", "bare", still, "", "");
            for (var i = 0; i < servers.Count; i++)
            {
                var (health, ready) = (Load.Sum(loads[i].Select(load => load.Health)), Load.Sum(loads[i].Select(load => load.Ready)));
                await WriteAsync(
                    $"{what} (`{term}`)", servers[i].Name, [.. loads[i].Select(load => load.Load)],
                    string.Create(CultureInfo.InvariantCulture, $"{Median(loads[i].Select(load => load.Load.PerSecond)) / Median(still.Select(load => load.PerSecond)):0.0%}"),
                    string.Create(CultureInfo.InvariantCulture, $"{health.At(0.99):0.0} | {ready.At(0.99):0.0} | {servers[i].WorkingSet:0}"));
                if (health.Busy + health.Errors + ready.Busy + ready.Errors > 0)
                    throw new InvalidOperationException($"/healthz or /readyz did not answer 200 while {clients} clients searched for '{term}'.");
            }
        }

        await output.WriteLineAsync();
    }

    private Task WriteAsync(string what, string server, List<Load> rounds, string part, string probes)
    {
        var (all, medians) = (Load.Sum(rounds), rounds.Select(load => load.Median).Order().ToList());
        return output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {server} | {all.Median:0.00} | {medians[0]:0.00}–{medians[^1]:0.00} | {Median(rounds.Select(load => load.PerSecond)):n0} | {part} | {all.Busy} | {all.Errors} | {(probes.Length == 0 ? "| |" : probes)} |"));
    }

    // The probes run as long as the requests do.
    private static async Task<(Load Load, Load Health, Load Ready)> ProbedAsync(ServerProcess server, string path, int clients)
    {
        using var ended = new CancellationTokenSource();
        var health = Load.RunAsync(server.Client, "/healthz", 1, TimeSpan.MaxValue, ProbePause, ended.Token);
        var ready = Load.RunAsync(server.Client, "/readyz", 1, TimeSpan.MaxValue, ProbePause, ended.Token);
        var load = await Load.RunAsync(server.Client, path, clients, Round);
        await ended.CancelAsync();
        return (load, await health, await ready);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    /// <summary>Fills a database by the import command.</summary>
    public static async Task ImportAsync(string program, string rows, string database)
    {
        var imported = await ProcessRunner.RunAsync(program, ["import", rows, "--database", database]);
        if (imported.ExitCode != 0)
            throw new InvalidOperationException($"{program} import ended with exit code {imported.ExitCode}: {imported.Stderr}");
    }

    private static async Task<string> CreateAsync(PostgreSqlServer server, string name)
    {
        var settings = new NpgsqlConnectionStringBuilder { Host = server.Host, Port = server.Port, Username = PostgreSqlServer.User, Password = PostgreSqlServer.Password, Database = "postgres" };
        await using var connection = new NpgsqlConnection(settings.ToString());
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0", connection);
        await create.ExecuteNonQueryAsync();
        return server.UrlOf(name);
    }
}
