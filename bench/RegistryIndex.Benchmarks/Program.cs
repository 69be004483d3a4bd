using System.Globalization;
using RegistryIndex.Benchmarks;
using RegistryIndex.Benchmarks.DynamoDb;

int[] counts = [.. args.Skip(1).Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))];
switch (args.FirstOrDefault())
{
    case "sqlite":
        await RelationalBenchmark.RunSqliteAsync(counts is [var count, ..] ? count : 100_000, Console.Out);
        return 0;
    case "postgresql":
        await RelationalBenchmark.RunPostgreSqlAsync(counts is [var number, ..] ? number : 100_000, Console.Out);
        return 0;
    case "dynamodb":
        await DynamoDbBenchmark.RunAsync(counts is [] ? [1_000, 10_000, 100_000] : counts, Console.Out);
        return 0;
    case "migrate":
        await MigrateBenchmark.RunAsync(counts is [var rows, ..] ? rows : 100_000, Console.Out);
        return 0;
    case "live":
        await LiveBenchmark.RunAsync(counts is [var changes, ..] ? changes : 50, Console.Out);
        return 0;
    default:
        await Console.Error.WriteLineAsync("Usage: dotnet run -c Release --project bench/RegistryIndex.Benchmarks -- sqlite [COUNT] | postgresql [COUNT] | migrate [COUNT] | live [COUNT] | dynamodb [COUNT…]");
        return 2;
}
