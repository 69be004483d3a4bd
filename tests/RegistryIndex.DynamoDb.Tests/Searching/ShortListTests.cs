using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tests.Searching;

/// <summary>The cost of a first page if one of two words is in about as many repositories as a search first looks at.</summary>
public sealed class ShortListTests(ITestOutputHelper output)
{
    private const double MostOfPage = 70;

    private static readonly int[] Described = [40, 99, 100, 101, 130, 250, 600, 1_000];
    private static readonly int[] Named = [99, 100, 101, 250];
    private static readonly string[] Lists = [.. Described.Select(list => $"described{list:0000}"), .. Named.Select(list => $"named{list:0000}")];
    private static readonly Lazy<Task<MemoryTables>> Thousand = new(() => NewAsync(1_000));
    private static readonly Lazy<Task<MemoryTables>> TenThousand = new(() => NewAsync(10_000));

    public static MatrixTheoryData<int, string, string> Cases => new([1_000, 10_000], Lists, ["runtime", "half"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_first_page_of_a_common_and_a_rare_word_costs_at_most_70_units_in_either_order(int repositories, string rare, string common)
    {
        var data = await (repositories == 1_000 ? Thousand : TenThousand).Value;
        foreach (var query in new[] { $"{rare} {common}", $"{common} {rare}" })
        {
            var index = await data.OpenAsync(isConsistent: false); // which caches no rows
            data.Client.ResetCounts();
            var log = new RequestLog("search");
            var page = await index.SearchAsync(log, new SearchRequest(query), TestContext.Current.CancellationToken);
            output.WriteLine($"{repositories} {query}: {log.Units.Read} units, {log.Requests} requests");
            page.Repositories.Should().Equal(data.Expected(query).Take(25));
            log.Units.Read.Should().BeLessThanOrEqualTo(MostOfPage, "of '{0}'", query).And.Be(data.Client.Units);
        }
    }

    // All have "runtime", and every second one has "half". The text after these is random, and so is the order of results.
    private static Task<MemoryTables> NewAsync(int count)
    {
        var random = new Random(5);
        var words = Enumerable.Range(0, count).Select(_ => "").ToList();
        foreach (var list in Described)
        {
            foreach (var number in Enumerable.Range(0, count).OrderBy(_ => random.Next()).Take(list))
                words[number] += $" described{list:0000}";
        }

        var names = Named.SelectMany(list => Enumerable.Repeat($"named{list:0000}", list)).Concat(Enumerable.Repeat("other0000", count)).Take(count).OrderBy(_ => random.Next()).ToList();
        return MemoryTables.NewAsync(
            Enumerable.Range(0, count).Select(number => new Repository($"{names[number]}/x-{number:00000}", $"A runtime{Some()}{(random.Next(2) == 0 ? " half" : "")}{Some()}{words[number]}")),
            [.. Lists, "runtime", "half"]);

        string Some() => $" {random.Next(100_000):00000}";
    }
}
