using System.Globalization;

namespace RegistryIndex.Benchmarks;

/// <summary>Measures facts in a relational database: what they add to an import, to a push and to lists, and pages in the order of the last push.</summary>
internal static class PushBenchmark
{
    private const int Rounds = 9;
    private const int Pushes = 2_000;
    private const int Deep = 40;
    private const int Counted = 50;

    /// <param name="index">The index, which holds the corpus without facts.</param>
    /// <param name="count">The number of repositories.</param>
    /// <param name="readRowsRead">Reads how many rows the database has read; null if it does not count them.</param>
    /// <param name="output">The writer of the tables.</param>
    public static async Task RunAsync(IRegistryIndex index, int count, Func<Task<long>>? readRowsRead, TextWriter output)
    {
        var without = await TimesAsync(index);
        var import = await Measure.SecondsAsync(() => index.ImportAsync(new Corpus().TakePushed(count).ToAsyncEnumerable()));
        var again = await Measure.SecondsAsync(() => index.ImportAsync(new Corpus().TakePushed(count).ToAsyncEnumerable()));
        var pushed = new Corpus().TakePushed(count, laterBySeconds: 2 * count).Take(Pushes).ToList();
        var pushes = await Measure.SecondsAsync(async () =>
        {
            foreach (var repository in pushed)
                await index.UpsertAsync(repository);
        });
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""

            | facts | seconds | rows a second |
            |---|---|---|
            | facts for all {count:n0} repositories, in batches | {import:0.0} | {count / import:n0} |
            | the same again, nothing changed | {again:0.0} | {count / again:n0} |
            | a push that changes facts alone, one transaction each ({Pushes:n0}) | {pushes:0.0} | {Pushes / pushes:n0} |

            """));

        var with = await TimesAsync(index);
        var continuation = await DeepAsync(index);
        var newest = await Measure.MedianMillisecondsAsync(Rounds, () => NewestAsync(index, null), () => NewestAsync(index, continuation));
        await output.WriteLineAsync("| call | ms | without facts, ms | rows read |\n|---|---|---|---|");
        await WriteAsync("the newest 25", newest[0], null, () => NewestAsync(index, null));
        await WriteAsync($"25 of the newest, page {Deep + 1}", newest[1], null, () => NewestAsync(index, continuation));
        await WriteAsync("the first 25 by name", with[0], without[0], () => index.SearchAsync(new("")));
        await WriteAsync("all repositories, by name", with[1], without[1], null);
        await WriteAsync("all repositories, in the order of the table", with[2], without[2], null);

        async Task WriteAsync(string what, double time, double? before, Func<Task>? counted)
        {
            var rows = counted is null || readRowsRead is null ? "–" : (await RowsReadAsync(readRowsRead, counted)).ToString("n0", CultureInfo.InvariantCulture);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {what} | {time:0.0} | {before?.ToString("0.0", CultureInfo.InvariantCulture) ?? "–"} | {rows} |"));
        }
    }

    private static Task<double[]> TimesAsync(IRegistryIndex index) => Measure.MedianMillisecondsAsync(
        Rounds, () => index.SearchAsync(new("")), async () => await index.ListAsync().CountAsync(), async () => await index.ScanAsync().CountAsync());

    private static Task<SearchPage> NewestAsync(IRegistryIndex index, string? continuation) => index.SearchAsync(new("", continuation: continuation, order: SearchOrder.Pushed));

    private static async Task<string?> DeepAsync(IRegistryIndex index)
    {
        string? continuation = null;
        for (var page = 0; page < Deep; page++)
            continuation = (await NewestAsync(index, continuation)).Continuation ?? continuation;
        return continuation;
    }

    private static async Task<double> RowsReadAsync(Func<Task<long>> readRowsRead, Func<Task> counted)
    {
        var before = await readRowsRead();
        for (var call = 0; call < Counted; call++)
            await counted();
        return (await readRowsRead() - before) / (double)Counted;
    }
}
