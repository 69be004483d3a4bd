using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Microsoft.Data.Sqlite;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.Benchmarks;

/// <summary>
/// Moves a legacy SQLite database to DynamoDB Local and back with the real commands, and compares both with an import of the same rows
/// from a file into the same kind of store.
/// </summary>
internal sealed partial class MigrateBenchmark(string program, string directory, string endpoint, TextWriter output)
{
    // Towards SQLite, a run takes between a quarter of a second and two seconds. A few runs say little, the less the shorter they are. The first
    // runs find a DynamoDB Local that has not compiled its scan yet.
    private const int PairsBefore = 5;

    public static async Task RunAsync(int count, TextWriter output)
    {
        var server = await DynamoDbServer.GetAsync();
        var directory = Directory.CreateTempSubdirectory("registry-index-bench-");
        try
        {
            var program = await Published.PublishAsync(Path.Combine(directory.FullName, "published"));
            await output.WriteLineAsync("| what | repositories | import, rows a second | migrate, rows a second | migrate / import | memory of migrate after a tenth, half and all of its time, MiB |\n|---|---|---|---|---|---|");
            var benchmark = new MigrateBenchmark(program, directory.FullName, server.Endpoint ?? throw new InvalidOperationException(server.WhyNot), output);
            await benchmark.RunAsync("descriptions", new Corpus().Take(count / 10));
            await benchmark.RunAsync("names only", new Corpus().Take(count).Select(repository => new Repository(repository.Name)));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task RunAsync(string what, IEnumerable<Repository> repositories)
    {
        var rows = repositories.ToList();
        var file = Path.Combine(directory, $"{what}.tsv");
        await File.WriteAllLinesAsync(file, rows.Select(row => $"{row.Name}\t{row.Description}"));
        var legacy = await MakeLegacyAsync(Path.Combine(directory, $"{what}.db"), rows);
        var (imported, moved) = ($"bench-{Guid.NewGuid():n}", $"bench-{Guid.NewGuid():n}");

        var import = await TimeAsync("import", file, "--search-backend", "dynamodb", "--set", $"extensions:dynamodb_index:database={imported}", "--set", $"extensions:dynamodb_index:endpoint={endpoint}");
        await DropAsync(imported);
        var there = await TimeAsync("migrate", "--from", legacy, "--to", Dynamo(moved));
        await WriteAsync($"SQLite to DynamoDB, {what}", rows.Count, [new(import, there)]);
        var pairs = new List<Pair>();
        for (var i = -PairsBefore; i < (rows.Count > 20_000 ? 11 : 51); i++)
        {
            var pair = await PairAsync(
                importFirst: i % 2 == 0, () => TimeAsync("import", file, "--database", $"sqlite:///{directory}/{what}-import-{i}.db"), () => TimeAsync("migrate", "--from", Dynamo(moved), "--to", Back(i)));
            if (i >= 0)
                pairs.Add(pair);
        }

        await WriteAsync($"DynamoDB to SQLite, {what}", rows.Count, pairs);

        await VerifyAsync(legacy, Dynamo(moved));
        await VerifyAsync(Dynamo(moved), Back(0));
        await TimeAsync("migrate", "--from", legacy, "--to", Dynamo(moved));
        await DropAsync(moved);

        string Back(int i) => $"sqlite:///{directory}/{what}-back-{i}.db";
    }

    // The second of a pair may have to wait until the disk has written the data of the first.
    private static async Task<Pair> PairAsync(bool importFirst, Func<Task<Run>> import, Func<Task<Run>> migrate)
    {
        var before = importFirst ? await import() : null;
        var migrated = await migrate();
        return new(before ?? await import(), migrated);
    }

    private Task WriteAsync(string what, int rows, List<Pair> pairs)
    {
        var (import, migrate, memory) = (Median(pairs.Select(pair => pair.Import.Seconds)), Median(pairs.Select(pair => pair.Migrate.Seconds)), pairs[0].Migrate);
        return output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {rows:n0} | {rows / import:n0} | {rows / migrate:n0} | {Median(pairs.Select(pair => pair.Import.Seconds / pair.Migrate.Seconds)):0.00} | {memory.Memory(0.1):0}, {memory.Memory(0.5):0}, {memory.Memory(1):0} |"));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private async Task VerifyAsync(string from, string to) => await TimeAsync("verify", "--from", from, "--to", to);

    private string Dynamo(string prefix) => $"dynamodb://{prefix}?region=us-east-1&endpoint={endpoint}";

    /// <summary>Runs a command and samples its memory every half second.</summary>
    private async Task<Run> TimeAsync(params string[] arguments)
    {
        string[] keys = ["--set", "extensions:dynamodb_index:access_key=test", "--set", "extensions:dynamodb_index:secret_access_key=test"];
        var start = new ProcessStartInfo(program, [.. arguments, .. keys]) { UseShellExecute = false, RedirectStandardError = true };
        var at = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var ended = process.WaitForExitAsync();
        var memory = new List<double>();
        while (await Task.WhenAny(ended, Task.Delay(500)) != ended)
        {
            process.Refresh();
            memory.Add(process.HasExited ? 0 : process.WorkingSet64 / 1048576.0);
        }

        var seconds = Stopwatch.GetElapsedTime(at).TotalSeconds;
        var text = await said;
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', arguments)}: {seconds:0.0} s\n{text}"));
        // The time that the command reports does not include the start of its process.
        if (Took().Match(text.Split('\n').Last(line => line.Contains("repositories", StringComparison.Ordinal))) is { Success: true } took)
            seconds = double.Parse(took.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture) / double.Parse(took.Groups[2].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
        return process.ExitCode == 0 ? new(seconds, memory) : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    }

    private async Task DropAsync(string prefix)
    {
        using var client = new AmazonDynamoDBClient(new BasicAWSCredentials("test", "test"), DynamoDbServer.ConfigFor(endpoint));
        foreach (var table in new[] { "repository", "version", "search" })
            await client.DeleteTableAsync($"{prefix}-{table}");
    }

    private static async Task<string> MakeLegacyAsync(string file, List<Repository> rows)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var schema = connection.CreateCommand();
        schema.CommandText = """
            CREATE TABLE version (id INTEGER NOT NULL, PRIMARY KEY (id));
            CREATE TABLE repository (id INTEGER NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));
            INSERT INTO version VALUES (1);
            """;
        await schema.ExecuteNonQueryAsync();
        await using var transaction = connection.BeginTransaction();
        await using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO repository (name, description) VALUES ($name, $description)";
        var (name, description) = (insert.Parameters.Add("$name", SqliteType.Text), insert.Parameters.Add("$description", SqliteType.Text));
        foreach (var row in rows)
        {
            (name.Value, description.Value) = (row.Name, (object?)row.Description ?? DBNull.Value);
            await insert.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return $"sqlite:///{file}";
    }

    [GeneratedRegex(@"([\d,]+) repositories: .* s, ([\d,]+) a second")]
    private static partial Regex Took();

    private sealed record Pair(Run Import, Run Migrate);

    private sealed record Run(double Seconds, List<double> Samples)
    {
        public double Memory(double part) => Samples.Count == 0 ? 0 : Samples.Where(sample => sample > 0).ElementAtOrDefault((int)(part * (Samples.Count - 2)));
    }
}
