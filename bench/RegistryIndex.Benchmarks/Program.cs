using System.Globalization;
using RegistryIndex.Benchmarks;

var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000;
switch (args.FirstOrDefault())
{
    case "sqlite":
        await SqliteBenchmark.RunAsync(count, Console.Out);
        return 0;
    case "migrate":
        await MigrateBenchmark.RunAsync(count, Console.Out);
        return 0;
    default:
        await Console.Error.WriteLineAsync("Usage: dotnet run -c Release --project bench/RegistryIndex.Benchmarks -- sqlite|migrate [COUNT]");
        return 2;
}
