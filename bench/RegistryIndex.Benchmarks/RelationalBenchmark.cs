using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RegistryIndex.Testing.PostgreSql;

namespace RegistryIndex.Benchmarks;

/// <summary>Measures a relational database: import, pages of rare to common terms, deep pages; beside a plain LIKE on the same rows.</summary>
/// <param name="url">The database, as a value of <c>sqlalchemy_index_database</c>.</param>
/// <param name="connect">Opens a connection for plain SQL.</param>
/// <param name="readSize">A query for the size of the database in bytes.</param>
/// <param name="isPostgreSql">Whether it is PostgreSQL, which counts the rows that it reads, and which has ILIKE to compare with.</param>
internal sealed class RelationalBenchmark(string url, Func<DbConnection> connect, string readSize, bool isPostgreSql = false)
{
    private const int RowByRow = 2_000;
    private const int Rounds = 9;

    public static async Task RunSqliteAsync(int count, TextWriter output)
    {
        var directory = Directory.CreateTempSubdirectory("registry-index-bench-");
        try
        {
            var file = Path.Combine(directory.FullName, "index.db");
            await new RelationalBenchmark("sqlite:///" + file, () => new SqliteConnection($"Data Source={file}"), "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").RunAsync(count, output);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Runs on a server of its own, with durable commits as usual.</summary>
    public static async Task RunPostgreSqlAsync(int count, TextWriter output)
    {
        await using var server = await PostgreSqlServer.StartAsync(withSmallDisk: false, "fsync=on");
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = server.Host,
            Port = server.Port,
            Username = PostgreSqlServer.User,
            Password = PostgreSqlServer.Password,
            Database = "postgres",
        };
        await new RelationalBenchmark(server.UrlOf("postgres"), () => new NpgsqlConnection(connection.ToString()), "SELECT pg_database_size(current_database())", isPostgreSql: true).RunAsync(count, output);
    }

    private async Task RunAsync(int count, TextWriter output)
    {
        await using var services = new ServiceCollection().AddLogging().AddRegistryIndex(
            new ConfigurationBuilder().AddInMemoryCollection([new("search_backend", "sqlalchemy"), new("sqlalchemy_index_database", url)]).Build()).BuildServiceProvider();
        var index = services.GetRequiredService<IRegistryIndex>();
        await index.InitializeAsync();
        await ImportAsync(index, count, output);
        await SearchAsync(index, output);
        await using var connection = connect();
        await connection.OpenAsync();
        if (isPostgreSql)
            await IlikeBenchmark.RunAsync(index, connection, output);
        await PushBenchmark.RunAsync(index, count, isPostgreSql ? () => IlikeBenchmark.RowsReadAsync(connection) : null, output);
    }

    private async Task ImportAsync(IRegistryIndex index, int count, TextWriter output)
    {
        var single = new Corpus().Take(RowByRow).Select(repository => new Repository("single/" + repository.Name, repository.Description)).ToList();
        var oneByOne = await Measure.SecondsAsync(async () =>
        {
            foreach (var repository in single)
                await index.UpsertAsync(repository);
        });
        foreach (var repository in single)
            await index.DeleteAsync(repository.Name);
        GC.Collect();
        var (before, peak) = (GC.GetTotalMemory(forceFullCollection: true), 0L);
        var batched = await Measure.SecondsAsync(() => index.ImportAsync(
            new Corpus().Take(count).ToAsyncEnumerable(),
            new ImportOptions { Progress = new Peak(() => peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before)) }));
        var again = await Measure.SecondsAsync(() => index.ImportAsync(new Corpus().Take(count).ToAsyncEnumerable()));
        var (perSecond, singlePerSecond) = (count / batched, RowByRow / oneByOne);
        await using var connection = connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = readSize;
        var size = (long)(await command.ExecuteScalarAsync())!;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""
            | import | seconds | rows a second |
            |---|---|---|
            | {count:n0} repositories, in batches | {batched:0.0} | {perSecond:n0} |
            | the same again, nothing changed | {again:0.0} | {count / again:n0} |
            | one transaction a row ({RowByRow:n0} rows) | {oneByOne:0.0} | {singlePerSecond:n0} (batches: {perSecond / singlePerSecond:0.0} times as fast) |

            Live memory after any batch of the import: at most {peak / 1048576.0:0.0} MiB more than before it. Database: {size / 1048576.0:0} MiB.

            """));
    }

    private async Task SearchAsync(IRegistryIndex index, TextWriter output)
    {
        await using var connection = connect();
        await connection.OpenAsync();
        await output.WriteLineAsync("| page of 25 | matches | first page, ms | a deep page, ms | plain LIKE, all rows, ms | LIKE / first page |\n|---|---|---|---|---|---|");
        foreach (var (what, query) in (IEnumerable<(string, string)>)
                 [
                     ("rare, 1 in 10,000", Corpus.Rare), ("medium, 1 in 100", Corpus.Medium), ("a quarter, in descriptions", Corpus.Quarter),
                     ("a quarter, in names", Corpus.QuarterOfNames), ("two words", $"{Corpus.Medium} {Corpus.Quarter}"), ("the same, the rarer one last", $"{Corpus.Quarter} {Corpus.Medium}"), ("two characters", "zy"), ("one character", "z"), ("none", "nothing-like-it"), ("every repository", ""),
                 ])
        {
            var deep = await DeepAsync(index, query);
            var matches = await CountAsync(connection, query);
            var times = await Measure.MedianMillisecondsAsync(
                Rounds,
                () => index.SearchAsync(new(query)),
                () => deep is null ? Task.CompletedTask : index.SearchAsync(new(query, continuation: deep)),
                () => LikeAsync(connection, query));
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {what} (`{query}`) | {matches:n0} | {times[0]:0.0} | {(deep is null ? "–" : times[1].ToString("0.0", CultureInfo.InvariantCulture))} | {times[2]:0.0} | {times[2] / times[0]:0.0} |"));
        }
    }

    // Goes to page 40, or to the last page.
    private static async Task<string?> DeepAsync(IRegistryIndex index, string query)
    {
        string? continuation = null;
        for (var pages = 0; pages < 40; pages++)
        {
            var next = (await index.SearchAsync(new(query, continuation: continuation))).Continuation;
            if (next is null)
                break;
            continuation = next;
        }

        return continuation;
    }

    // The query of the Python predecessor: all rows that match, without an order.
    private static async Task LikeAsync(DbConnection connection, string query)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT name, description FROM repository WHERE {Like(command, query)}";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            _ = reader.GetString(0);
    }

    private static async Task<long> CountAsync(DbConnection connection, string query)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM repository WHERE {Like(command, query)}";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static string Like(DbCommand command, string query)
    {
        var conditions = query.Split(' ').Select((word, i) =>
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"@w{i}");
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, $"%{word}%");
            command.Parameters.Add(parameter);
            return $"(name LIKE {name} OR description LIKE {name})";
        });
        return string.Join(" AND ", conditions);
    }

    private sealed class Peak(Action sample) : IProgress<ImportResult>
    {
        private int _count;

        public void Report(ImportResult value)
        {
            if (_count++ % 10 == 0)
                sample();
        }
    }
}
