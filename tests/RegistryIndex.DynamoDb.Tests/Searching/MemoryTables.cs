using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Searching;

namespace RegistryIndex.DynamoDb.Tests.Searching;

/// <summary>Repositories in memory, the index that searches them, and the expected results.</summary>
internal sealed class MemoryTables(MemoryDynamoDb client, List<Repository> repositories)
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dictionary<string, List<Repository>> _expected = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Adds repositories, and their postings of some words.</summary>
    public static async Task<MemoryTables> NewAsync(IEnumerable<Repository> repositories, params string[] words)
    {
        List<Repository> all = [.. repositories];
        var client = new MemoryDynamoDb(OptionsOf(isConsistent: false));
        client.Fill(all, words);
        var data = new MemoryTables(client, all);
        await data.ReopenAsync();
        return data;
    }

    public MemoryDynamoDb Client { get; } = client;

    public DynamoDbIndex Index { get; private set; } = null!;

    /// <summary>The tables that searches read.</summary>
    public SearchTables Tables => new(
        new RequestSender(Client, "memory", TimeSpan.Zero, new RequestMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), TimeProvider.System),
        new("m-repository", "m-version", "m-search"), consistent: false, memory: null);

    public async Task ReopenAsync() => Index = await OpenAsync(isConsistent: false);

    public async Task<DynamoDbIndex> OpenAsync(bool isConsistent)
    {
        var options = OptionsOf(isConsistent);
        var index = new DynamoDbIndex(Client, options, _services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), NullLogger<DynamoDbIndex>.Instance, TimeProvider.System);
        (await index.OpenForReadingAsync(Stop)).Should().Be(SourceState.Searchable);
        return index;
    }

    /// <summary>All results of a search, found by brute force.</summary>
    public List<Repository> Expected(string text)
    {
        if (_expected.TryGetValue(text, out var known))
            return known;
        var query = SearchQuery.Parse(text);
        return _expected[text] = [.. repositories.Select(repository => (Rank: query.Rank(repository), repository)).Where(one => one.Rank is not null)
            .OrderBy(one => one.Rank!.Value).Select(one => one.repository)];
    }

    private static DynamoDbIndexOptions OptionsOf(bool isConsistent) => new()
    {
        Database = "m",
        RepositoryTable = "m-repository",
        VersionTable = "m-version",
        SearchTable = "m-search",
        Region = "us-east-1",
        Endpoint = "http://memory.invalid",
        ConsistentReads = isConsistent,
    };
}
