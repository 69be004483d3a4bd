using System.Globalization;
using RegistryIndex.Benchmarks;
using RegistryIndex.Benchmarks.DynamoDb;
using RegistryIndex.Benchmarks.Http;
using RegistryIndex.Benchmarks.Relevance;

switch (args)
{
    case ["sqlite", ..]:
        await RelationalBenchmark.RunSqliteAsync(Counts() is [var count, ..] ? count : 100_000, Console.Out);
        return 0;
    case ["postgresql", ..]:
        await RelationalBenchmark.RunPostgreSqlAsync(Counts() is [var number, ..] ? number : 100_000, Console.Out);
        return 0;
    case ["dynamodb", ..]:
        await (Counts() is { Length: > 0 } counts
            ? DynamoDbBenchmark.RunAsync(counts, plot: null, Console.Out)
            : DynamoDbBenchmark.RunAsync([1_000, 10_000, 100_000], "docs/page-units.svg", Console.Out));
        return 0;
    case ["dynamodb-cpu"]:
        await SearchCpu.RunAsync(Console.Out);
        return 0;
    case ["dynamodb-import"]:
        await ImportSpeed.RunAsync(Console.Out);
        return 0;
    case ["migrate", ..]:
        await MigrateBenchmark.RunAsync(Counts() is [var rows, ..] ? rows : 100_000, Console.Out);
        return 0;
    case ["http", ..]:
        var beside = Array.IndexOf(args, "--beside") is > 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        await HttpBenchmark.RunAsync(args.Skip(1).Select(arg => int.TryParse(arg, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).FirstOrDefault(number => number > 0, 100_000), args.Contains("--postgresql"), beside, Console.Out);
        return 0;
    case ["web", ..]:
        await WebBenchmark.RunAsync(Counts() is [var listed, ..] ? listed : 100_000, Console.Out);
        return 0;
    case ["bare-server"]:
        await BareServer.RunAsync(Console.Out);
        return 0;
    case ["live", ..]:
        await LiveBenchmark.RunAsync(Counts() is [var changes, ..] ? changes : 50, Console.Out);
        return 0;
    case ["release", var release, ..]:
        await ReleaseBenchmark.RunAsync(release, args is [_, _, var many] ? int.Parse(many, CultureInfo.InvariantCulture) : 10_000, Console.Out);
        return 0;
    case ["relevance", var images, var searches]:
        try
        {
            RelevanceBenchmark.Run(images, searches, Console.Out);
            return 0;
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 2;
        }

    default:
        await Console.Error.WriteLineAsync("Usage: dotnet run -c Release --project bench/RegistryIndex.Benchmarks -- sqlite [COUNT] | postgresql [COUNT] | migrate [COUNT] | http [COUNT] [--postgresql] [--beside PROGRAM] | web [COUNT] | live [COUNT] | dynamodb [COUNT…] | dynamodb-cpu | dynamodb-import | release DIRECTORY [COUNT] | relevance IMAGES SEARCHES");
        return 2;
}

int[] Counts() => [.. args.Skip(1).Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))];
