using System.Data.Common;
using System.Globalization;

namespace RegistryIndex.Benchmarks;

/// <summary>
/// Compares searches on PostgreSQL with the query of a registry without an order of its own, <c>ILIKE … ORDER BY name LIMIT 25</c>, on a
/// copy of the rows with trigram indexes.
/// </summary>
internal static class IlikeBenchmark
{
    private const int Rounds = 25;
    private const int Counted = 50;

    // An idle session reports what it has read after ten seconds.
    private static readonly TimeSpan SessionsTell = TimeSpan.FromSeconds(12);

    private const string Copy = """
        CREATE TABLE copy AS SELECT name, description FROM repository;
        CREATE UNIQUE INDEX ON copy (name);
        CREATE INDEX ON copy USING gin (name gin_trgm_ops);
        CREATE INDEX ON copy USING gin (description gin_trgm_ops);
        ANALYZE copy;
        """;

    private const string RowsRead = "SELECT CAST(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) AS bigint) FROM pg_stat_user_tables WHERE relname IN ('repository', 'registry_index_start', 'registry_index_text', 'registry_index_facts')";

    public static async Task RunAsync(IRegistryIndex index, DbConnection connection, TextWriter output)
    {
        await ExecuteAsync(connection, Copy);
        await output.WriteLineAsync("\n| page of 25 | this, ms | ILIKE, ms | this / ILIKE | rows read by this |\n|---|---|---|---|---|");
        foreach (var (what, word, columns) in new (string, string, string[])[]
        {
            ("common, 1 in 12, in names", "gor", ["name"]), ("a quarter, in names", Corpus.QuarterOfNames, ["name"]), ("two characters, in names", "ba", ["name"]),
            ("one character, in names", "z", ["name"]), ("none, in names", "nothing-like-it", ["name"]),
            ("rare, 1 in 10,000, in descriptions", Corpus.Rare, ["name", "description"]), ("1 in 100, in descriptions", Corpus.Medium, ["name", "description"]),
            ("a quarter, in descriptions", Corpus.Quarter, ["name", "description"]),
        })
        {
            var condition = string.Join(" OR ", columns.Select(column => $"{column} ILIKE '%{word}%'"));
            var times = await Measure.MedianMillisecondsAsync(Rounds, () => index.SearchAsync(new(word)), () => ReadAsync(connection, $"SELECT name, description FROM copy WHERE {condition} ORDER BY name LIMIT 25"));
            var before = await RowsReadAsync(connection);
            for (var search = 0; search < Counted; search++)
                await index.SearchAsync(new(word));
            var read = (await RowsReadAsync(connection) - before) / (double)Counted;
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {what} (`{word}`) | {times[0]:0.00} | {times[1]:0.00} | {times[0] / times[1]:0.0} | {read:n0} |"));
        }
    }

    /// <summary>Returns how many rows PostgreSQL has read of the index's tables.</summary>
    public static async Task<long> RowsReadAsync(DbConnection connection)
    {
        await Task.Delay(SessionsTell);
        return (long)(await ExecuteAsync(connection, RowsRead))!;
    }

    private static async Task<object?> ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    private static async Task ReadAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            _ = reader.GetString(0);
    }
}
