using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Searching;
using RegistryIndex.Server.Answers;
using RegistryIndex.Server.Http;

namespace RegistryIndex.DynamoDb.Tests.Searching;

/// <summary>The cost of searches for several words, for any number of repositories and for words that seldom occur together.</summary>
public sealed class SeveralWordsTests
{
    private const double MostOfRequest = 400;
    private const double MostOfPage = 70;
    private const double MostOfMeeting = 300;
    private const double MostOfNothing = 10;

    private static readonly Lazy<Task<MemoryTables>> Disjoint = new(() => MemoryTables.NewAsync(DisjointRepositories(), "alpha", "beta", "gamma", "alp", "delta", "none", "pull", "docker", "b"));
    private static readonly Lazy<Task<MemoryTables>> TenThousand = new(() => QuarterAsync(10_000));
    private static readonly Lazy<Task<MemoryTables>> HundredThousand = new(() => QuarterAsync(100_000));

    private static readonly string[] LongNameWords = ["kb", "kc", "kd", "ke", "kf", "kg", "kh", "ki"];
    private static readonly Lazy<Task<MemoryTables>> LongNames = new(() => MemoryTables.NewAsync(LongNameRepositories(), [.. LongNameWords, .. LongNameWords.Select(word => word + "/"), "kb:1", "docker"]));

    private static readonly SearchedReferences References = new(Microsoft.Extensions.Options.Options.Create(new PublicUrlOptions()));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(10_000, "regular everywhere")]
    [InlineData(10_000, "random everywhere")]
    [InlineData(10_000, "random half")]
    [InlineData(10_000, "named half")]
    [InlineData(10_000, "random named")]
    [InlineData(10_000, "regular everywhere half")]
    [InlineData(100_000, "regular everywhere")]
    [InlineData(100_000, "random everywhere")]
    [InlineData(100_000, "random half")]
    [InlineData(100_000, "named half")]
    [InlineData(100_000, "random named")]
    [InlineData(100_000, "regular everywhere everywhere")]
    public async Task A_first_page_costs_at_most_70_units_if_a_quarter_of_the_ranking_words_rows_has_the_other(int repositories, string query)
    {
        var data = await (repositories == 10_000 ? TenThousand : HundredThousand).Value;
        data.Client.ResetCounts();
        var log = new RequestLog("search");
        var page = await data.Index.SearchAsync(log, new SearchRequest(query), Stop);
        page.Repositories.Should().Equal(data.Expected(query).Take(25));
        page.Continuation.Should().NotBeNull();
        log.Units.Read.Should().BeLessThanOrEqualTo(MostOfPage).And.Be(data.Client.Units);
    }

    [Theory]
    [InlineData("alpha beta", 25)]
    [InlineData("beta alpha", 25)]
    [InlineData("beta alpha", 1)]
    [InlineData("beta alpha", 100)]
    [InlineData("gamma alpha beta", 25)]
    [InlineData("alpha beta gamma", 25)]
    [InlineData("beta gamma alpha", 25)]
    [InlineData("alpha beta alpha", 25)]
    [InlineData("beta beta alpha alpha", 25)]
    [InlineData("alp alpha beta", 25)]
    [InlineData("beta alpha alp", 25)]
    [InlineData("alpha delta beta", 25)]
    [InlineData("none alpha beta", 25)]
    [InlineData("alpha beta none", 25)]
    [InlineData("alpha none beta", 25)]
    public async Task The_first_request_finds_the_only_one_of_30000_rows_with_all_words(string query, int n)
    {
        var data = await Disjoint.Value;
        data.Client.ResetCounts();
        var answer = await AskAsync(data, query, $"{n}");
        var isNobodys = query.Contains("none", StringComparison.Ordinal);
        answer.Answer!.Results.Select(row => row.Name).Should().Equal(data.Expected(query).Select(row => row.Name)).And.HaveCount(isNobodys ? 0 : 1);
        data.Client.Units.Should().BeLessThanOrEqualTo(isNobodys ? MostOfNothing : MostOfMeeting);
    }

    [Theory]
    [InlineData("alpha beta", 20)]
    [InlineData("alpha beta gamma", 20)]
    [InlineData("alpha none beta", 2)]
    public async Task Words_that_rarely_occur_together_take_few_rounds_of_requests(string query, int waves)
    {
        var data = await Disjoint.Value;
        await WaveCount.ShouldBeAtMostAsync(waves, async delay =>
        {
            data.Client.ResetCounts();
            data.Client.Delay = delay;
            await data.Index.SearchAsync(new SearchRequest(query), Stop);
            data.Client.Delay = TimeSpan.Zero;
            return data.Client.Waves;
        });
    }

    [Fact]
    public async Task The_rows_of_a_word_in_about_a_hundred_rows_are_ranked_and_the_common_words_list_is_not_read()
    {
        var data = await HundredThousand.Value;
        data.Client.ResetCounts();
        var (answer, _) = await AskAsync(data, "seldom everywhere", "100");
        answer!.Results.Select(row => row.Name).Should().Equal(data.Expected("seldom everywhere").Take(100).Select(row => row.Name));
        data.Client.Units.Should().BeLessThanOrEqualTo(130);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_request_costs_more_than_400_units(bool isLarge)
    {
        var data = await (isLarge ? HundredThousand : Disjoint).Value;
        string[] queries = isLarge
            ? ["", "everywhere", "half", "named everywhere", "everywhere named", "seldom half", "half seldom", "seldom everywhere half", "never met", "met never", "r a n d o m", "docker pull never met:1", "regular random named half"]
            : ["", "a", "alpha", "alpha beta", "delta alpha", "beta delta", "a b", "docker pull alpha beta:1", "docker pull delta:1", "alpha beta gamma delta alp none pull docker"];
        var refused = 0;
        foreach (var query in queries)
        {
            foreach (var (n, page) in new[] { (1, 1), (25, 1), (100, 1), (100, 2), (25, 5), (100, 7), (1, 300), (100, 40), (100, 100), (99, 101) })
            {
                data.Client.ResetCounts();
                var (answer, error) = await AskAsync(data, query, $"{n}", page);
                data.Client.Units.Should().BeLessThanOrEqualTo(MostOfRequest, $"of '{query}', page {page} of {n}");
                if (error is not null)
                {
                    refused++;
                    error.Should().Contain("is too far down; follow the continuation");
                    continue;
                }

                // The results are at their correct positions, although there may be fewer of them.
                var searched = answer!.Query;
                var expected = data.Expected(searched).Skip((page - 1) * n).Take(n).Select(row => row.Name).ToList();
                answer.Results.Select(row => row.Name).Should().Equal(expected.Take(answer.Results.Count()), $"of '{query}', page {page} of {n}");
                if (answer.Results.Count() < expected.Count)
                    answer.Continuation.Should().NotBeNull();
            }
        }

        refused.Should().BePositive("pages that are too deep are refused in one sentence");
    }

    [Theory]
    [InlineData("beta delta", 100)]
    [InlineData("delta alpha", 25)]
    [InlineData("alpha beta", 25)]
    [InlineData("gamma delta", 7)]
    public async Task Continued_requests_return_every_repository_once_and_in_order(string query, int n)
    {
        var data = await Disjoint.Value;
        var expected = data.Expected(query).Select(row => row.Name).Take(600).ToList();
        List<string> found = [];
        for (string? continuation = null; found.Count < expected.Count;)
        {
            data.Client.ResetCounts();
            var (answer, _) = await AskAsync(data, query, $"{n}", continuation: continuation);
            data.Client.Units.Should().BeLessThanOrEqualTo(MostOfRequest);
            found.AddRange(answer!.Results.Select(row => row.Name));
            continuation = answer.Continuation;
            if (continuation is null)
                break;
        }

        found.Take(600).Should().Equal(expected);
    }

    [Fact]
    public async Task Short_pages_of_words_that_rarely_occur_together_contain_all_results()
    {
        var data = await HundredThousand.Value;
        var expected = data.Expected("met never").Select(row => row.Name).ToList();
        List<string> found = [];
        var requests = 0;
        string? continuation = null;
        do
        {
            data.Client.ResetCounts();
            var (answer, _) = await AskAsync(data, "met never", "100", continuation: continuation);
            data.Client.Units.Should().BeLessThanOrEqualTo(MostOfRequest);
            found.AddRange(answer!.Results.Select(row => row.Name));
            continuation = answer.Continuation;
        }
        while (continuation is not null && ++requests < 400);
        found.Should().Equal(expected);
        requests.Should().BePositive();
    }

    [Fact]
    public async Task A_list_once_read_is_used_for_further_pages_of_the_request()
    {
        var data = await MemoryTables.NewAsync(Enumerable.Range(0, 12_000).Select(i => new Repository(Name(i), i % 12 == 0 ? "alpha beta" : i % 2 == 0 ? "alpha" : "beta gamma")), "alpha", "beta");
        data.Client.TableSize = 0; // so that no search scans the table
        await data.ReopenAsync();
        var two = await QueriesAsync(2);
        (await QueriesAsync(6)).Should().BeLessThanOrEqualTo(two);

        async Task<int> QueriesAsync(int page)
        {
            data.Client.ResetCounts();
            (await ReadPageAsync(data, "beta alpha", 25, page)).Should().Equal(data.Expected("beta alpha").Skip((page - 1) * 25).Take(25));
            data.Client.Units.Should().BeLessThanOrEqualTo(MostOfRequest);
            return data.Client.Queried.Count(partition => partition == "b3be");
        }
    }

    [Fact]
    public async Task Deep_pages_of_one_request_share_one_scan_if_a_scan_is_cheaper()
    {
        var data = await MemoryTables.NewAsync(Enumerable.Range(0, 10_000).Select(i => new Repository(Name(i), "alpha")), "alpha");
        var scan = data.Client.Size / 8192.0;
        data.Client.ResetCounts();
        var session = new SearchSession(4_000);
        List<Repository> found = [];
        for (string? continuation = null; found.Count < 4_000;)
        {
            var page = await data.Index.SearchAsync(new SearchRequest("alpha", 100, continuation) { Session = session }, Stop);
            found.AddRange(page.Repositories);
            continuation = page.Continuation;
        }

        found.Should().Equal(data.Expected("alpha").Take(4_000));
        data.Client.Units.Should().BeLessThanOrEqualTo(scan + 10);
        data.Client.ResetCounts();
        await AskAsync(data, "alpha", "25");
        data.Client.Scans.Should().Be(0, "postings are cheaper for a first page");
    }

    [Fact]
    public async Task While_rows_have_no_postings_deep_pages_share_one_scan()
    {
        var data = await MemoryTables.NewAsync(Enumerable.Range(0, 3_000).Select(i => new Repository(Name(i), i % 2 == 0 ? "alpha beta" : "alpha")), "alpha", "beta");
        data.Client.IsAdopted = false;
        await data.ReopenAsync();
        data.Client.ResetCounts();
        (await ReadPageAsync(data, "alpha beta", 100, page: 5)).Should().Equal(data.Expected("alpha beta").Skip(400).Take(100));
        data.Client.Units.Should().BeLessThanOrEqualTo((data.Client.Size / 8192.0) + 5);
    }

    [Fact]
    public async Task While_rows_have_no_postings_a_request_keeps_a_limited_number_of_matches()
    {
        var data = await MemoryTables.NewAsync(Enumerable.Range(0, 3_000).Select(i => new Repository(Name(i), "alpha")), "alpha");
        var searcher = new ScanSearcher(data.Tables, mostInMemory: 250);
        var session = new SearchSession(900);
        List<Repository> found = [];
        data.Client.ResetCounts();
        for (string? continuation = null; found.Count < 900;)
        {
            var page = await searcher.SearchAsync(new RequestLog("search"), new SearchRequest("alpha", 100, continuation) { Session = session }, Stop);
            found.AddRange(page.Repositories);
            continuation = page.Continuation;
        }

        found.Should().Equal(data.Expected("alpha").Take(900));
        data.Client.Units.Should().BeInRange(4.5 * data.Client.Size / 8192, 5.5 * data.Client.Size / 8192, "two pages are kept of each scan");
        var end = await searcher.SearchAsync(new RequestLog("search"), new SearchRequest("alpha service-002999", 100) { Session = session }, Stop);
        (end.Repositories.Count, end.Continuation).Should().Be((1, (string?)null));
    }

    [Theory]
    [InlineData("kb/ kc/ kd/ ke/ kf/ kg/ kh/ ki/", false)]
    [InlineData("kb/ kc/ kd/ ke/ kf/ kg/ kh/ ki/", true)]
    [InlineData("kb:1 kc kd ke kf kg kh ki", true)]
    [InlineData("docker kb kc kd ke kf kg ki", true)]
    public async Task The_cost_of_many_common_words_with_large_postings_is_bounded_also_in_two_searches(string query, bool isConsistent)
    {
        var data = await LongNames.Value;
        var index = await data.OpenAsync(isConsistent);
        data.Client.ResetCounts();
        await AskAsync(data, query, "100", index: index);
        data.Client.Units.Should().BeInRange(1, MostOfRequest);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_cost_of_a_scan_is_bounded_if_the_table_has_grown_since_its_size_was_reported(bool isConsistent)
    {
        // Rows of some 1,700 bytes.
        var data = await MemoryTables.NewAsync(Enumerable.Range(0, 2_600).Select(i => new Repository($"cc{i:0000}".PadRight(255, 'a'), (i % 2 == 0 ? "kb" : "kc") + string.Concat(Enumerable.Repeat("😀", 348)))), "kb", "kc", "cc");
        var size = data.Client.Size;
        foreach (var told in Enumerable.Range(1, 15).Select(part => size / 15 * part))
        {
            data.Client.TableSize = told;
            var index = await data.OpenAsync(isConsistent);
            data.Client.ResetCounts();
            await AskAsync(data, "kb kc cc", "70", index: index);
            data.Client.Units.Should().BeInRange(1, MostOfRequest, "if the reported size is {0} of {1} bytes", told, size);
        }
    }

    [Theory]
    [InlineData("beta alpha", 1)]
    [InlineData("delta alpha", 1)]
    [InlineData("delta", 5)]
    [InlineData("alpha beta gamma delta", 1)]
    public async Task The_cost_of_consistent_reads_is_bounded(string query, int page)
    {
        var data = await Disjoint.Value;
        var index = await data.OpenAsync(isConsistent: true);
        data.Client.ResetCounts();
        var found = await ReadPageAsync(data, query, 100, page, index);
        data.Client.Units.Should().BeInRange(1, MostOfRequest);
        found.Should().Equal(data.Expected(query).Skip((page - 1) * 100).Take(found.Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    public async Task A_table_that_has_grown_since_its_size_was_reported_is_not_scanned_to_the_end(long told)
    {
        var data = await MemoryTables.NewAsync(Enumerable.Range(0, 30_000).Select(i => new Repository(Name(i), "alpha")), "alpha");
        data.Client.TableSize = told;
        await data.ReopenAsync();
        data.Client.ResetCounts();
        (await ReadPageAsync(data, "alpha", 100, page: 3)).Should().Equal(data.Expected("alpha").Skip(200).Take(100));
        data.Client.Units.Should().BeLessThanOrEqualTo(200);
    }

    [Fact]
    public async Task Each_search_has_its_own_bound_and_the_searches_of_a_session_share_one()
    {
        var data = await Disjoint.Value;
        var session = new SearchSession(100_000);
        data.Client.ResetCounts();
        string? continuation = null;
        for (var page = 0; page < 40 && !session.IsExhausted; page++)
            continuation = (await data.Index.SearchAsync(new SearchRequest("alpha", 100, continuation) { Session = session }, Stop)).Continuation;
        session.IsExhausted.Should().BeTrue();
        continuation.Should().NotBeNull();
        data.Client.Units.Should().BeInRange(200, MostOfRequest);
        data.Client.ResetCounts();
        (await data.Index.SearchAsync(new SearchRequest("alpha", 100, continuation), Stop)).Repositories.Should().HaveCount(100);
    }

    private static async Task<(SearchAnswer? Answer, string? Error)> AskAsync(MemoryTables data, string query, string n, int page = 1, string? continuation = null, DynamoDbIndex? index = null)
    {
        var context = new DefaultHttpContext { RequestAborted = Stop };
        var result = (await SearchEndpoint.SearchAsync(context, index ?? data.Index, References, query, n, $"{page}", continuation)).Result;
        return result is JsonHttpResult<SearchAnswer> answer ? (answer.Value, null) : (null, ((JsonHttpResult<ErrorAnswer>)result).Value!.Error);
    }

    // Reads all pages up to this one in one session, like a request that takes several searches.
    private static async Task<List<Repository>> ReadPageAsync(MemoryTables data, string query, int n, int page, DynamoDbIndex? index = null)
    {
        var read = await new PageReader(index ?? data.Index, query, continuation: null, new SearchSession(n * page)).ReadAsync(n * page, Stop);
        return [.. read.Skip(n * (page - 1))];
    }

    // 22 characters.
    private static string Name(int number) => $"team-{number * 7919 % 97:00}/service-{number:000000}";

    // Names of the maximum length, and descriptions of many bytes.
    private static IEnumerable<Repository> LongNameRepositories() =>
        from word in LongNameWords
        from i in Enumerable.Range(0, 110)
        from repository in new[]
        {
            new Repository($"{word}/{i:000}".PadRight(255, 'a')),
            new Repository($"b{word}/{i:000}".PadRight(255, 'a')),
            new Repository($"c{i:000}{word[1]}".PadRight(255, 'a'), $"{word}/{string.Concat(Enumerable.Repeat("😀", 75))}"),
        }
        select repository;

    // Half have one word, half the other, and one has both. The third word is as rare beside them. All have one word.
    private static IEnumerable<Repository> DisjointRepositories() => Enumerable.Range(0, 30_000).Select(i => new Repository(Name(i), (i, i % 2) switch
    {
        (17_777, _) => "alpha beta gamma delta",
        (_, 0) => "alpha delta",
        _ => i % 3 == 0 ? "gamma delta" : "beta delta",
    }));

    // Of the results of "everywhere", a quarter has each of the other words, in regular or random order, in names or descriptions.
    private static Task<MemoryTables> QuarterAsync(int count)
    {
        var random = new Random(11);
        return MemoryTables.NewAsync(Enumerable.Range(0, count).Select(i =>
        {
            var name = random.Next(4) == 0 ? $"named/x-{i:00000000000000}" : $"other/x-{i:00000000000000}";
            List<string> words = ["everywhere"];
            if (i % 4 == 0)
                words.Add("regular");
            if (random.Next(4) == 0)
                words.Add("random");
            if (random.Next(2) == 0)
                words.Add("half");
            if (random.Next(1000) == 0)
                words.Add("seldom");
            words.Add(i % 2 == 0 ? "met" : "never");
            if (i % 20_011 == 5)
                words = ["met", "never"];
            return new Repository(name, string.Join(' ', words));
        }), "everywhere", "regular", "random", "half", "named", "seldom", "met", "never", "r", "a", "n", "d", "o", "m");
    }
}
