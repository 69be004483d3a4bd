using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Searching;

namespace RegistryIndex.DynamoDb.Tests.Facts;

/// <summary>In the order of the last push, the results are those of a brute-force implementation of the contract.</summary>
public sealed class PushOrderTests
{
    private static CancellationToken Stop => TestIndexes.Stop;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_histories_have_the_pages_of_the_reference_and_no_deleted_repositories(int seed)
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var texts = new RandomTexts(seed);
        var stored = new Dictionary<string, Repository>(StringComparer.Ordinal);
        for (var step = 0; step < 150; step++)
        {
            var repository = texts.Repository();
            if (texts.Random.Next(4) == 0)
            {
                (await index.DeleteAsync(repository.Name, Stop)).Should().Be(stored.Remove(repository.Name));
                continue;
            }

            // There are few times, so that many are equal.
            RepositoryFacts? facts = texts.Random.Next(3) switch { 0 => null, 1 => new() { Tag = $"{step}" }, _ => new() { Tag = $"{step}", PushedAt = PushedTexts.Begin.AddHours(texts.Random.Next(8)) } };
            var write = new Repository(repository.Name, texts.Random.Next(2) == 0 ? stored.GetValueOrDefault(repository.Name)?.Description : repository.Description, facts).WriteOver(stored.GetValueOrDefault(repository.Name));
            (await index.UpsertAsync(new(repository.Name, write.Result.Description, facts), Stop)).Should().Be(write.Outcome);
            stored[repository.Name] = write.Result;
        }

        await IndexAssertions.NothingIsLeftOverAsync(tables);
        var expected = stored.Values.OrderBy(PushOrder.KeyOf).ToList();
        foreach (var limit in new[] { 1, 3, 25, 100 })
            (await Expectations.AllOfAsync(index, "", limit, SearchOrder.Pushed)).Should().Equal(expected, $"by {limit}");
        foreach (var effort in new SearchEffort[] { new(Units: 4, Stray: 2), new(Units: 12, Stray: 1) })
        {
            var small = tables.New(effort: effort);
            await small.InitializeAsync(Stop);
            (await Expectations.AllOfAsync(small, "", 5, SearchOrder.Pushed)).Should().Equal(expected, $"with {effort}");
        }
    }

    [Fact]
    public async Task An_outdated_posting_is_skipped_and_unchanged_repositories_are_shown_exactly_once()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        List<Repository> there = [.. Enumerable.Range(0, 40).Select(number => new Repository($"app-{number:d2}", facts: number % 4 == 0 ? null : PushedTexts.Usual(number)))];
        await index.ImportAsync(there.ToAsyncEnumerable(), cancellationToken: Stop);
        var other = await tables.OpenAsync();
        List<Repository> found = [];
        string? continuation = null;
        var written = new HashSet<string>(StringComparer.Ordinal);
        for (var page = 0; page == 0 || continuation is not null; page++)
        {
            var read = await index.SearchAsync(new SearchRequest("", 5, continuation, SearchOrder.Pushed), Stop);
            read.Repositories.Should().OnlyHaveUniqueItems(repository => repository.Name);
            (found, continuation) = ([.. found, .. read.Repositories], read.Continuation);
            foreach (var repository in there.Where((_, number) => number % 10 == page))
            {
                written.Add(repository.Name);
                if (page % 2 == 0)
                    await other.DeleteAsync(repository.Name, Stop);
                else
                    await other.UpsertAsync(new(repository.Name, null, PushedTexts.Usual(1000 + page)), Stop);
            }
        }

        found.Where(repository => !written.Contains(repository.Name)).Should().Equal(there.Where(repository => !written.Contains(repository.Name)).OrderBy(PushOrder.KeyOf));
    }

    [Fact]
    public async Task Orphaned_postings_are_read_but_not_shown_and_a_sweep_removes_them()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        Repository[] there = [new("a", facts: PushedTexts.Usual(10)), new("b", facts: PushedTexts.Usual(20)), new("c")];
        await index.ImportAsync(there.ToAsyncEnumerable(), cancellationToken: Stop);
        var nonce = Nonce.New(tables.Time.GetUtcNow());
        for (var number = 0; number < 300; number++)
        {
            var orphan = PostingSet.OfFacts(number % 2 == 0 ? "a" : $"gone-{number}", PushedTexts.Usual(100 + number), nonce).Single();
            await tables.Client.PutItemAsync(tables.Options.SearchTable, orphan.ToItem(), Stop);
        }

        List<Repository> found = [];
        string? continuation = null;
        do
        {
            var log = new Requests.RequestLog("search");
            var page = await index.SearchAsync(log, new SearchRequest("", 25, continuation, SearchOrder.Pushed), Stop);
            log.Units.Read.Should().BeLessThanOrEqualTo(100 + (1.5 * 25), "the budget of a page");
            (found, continuation) = ([.. found, .. page.Repositories], page.Continuation);
        }
        while (continuation is not null);
        found.Should().Equal(there[1], there[0], there[2]);
        (await tables.SweepAsync(index)).Orphans.Should().Be(300);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_sweep_restores_a_lost_posting_of_a_repository_that_is_pushed_constantly()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        Repository[] there = [new("a", "A web", PushedTexts.Usual(10)), new("b", "A web", PushedTexts.Usual(20))];
        await index.ImportAsync(there.ToAsyncEnumerable(), cancellationToken: Stop);
        foreach (var posting in (await tables.PostingsAsync()).Where(posting => posting.Name == "a" ? posting.Tier == PostingKey.PushTier : posting.Tier == 1))
            await tables.Client.DeleteItemAsync(tables.Options.SearchTable, posting.Key, Stop);
        tables.Time.Advance(TimeSpan.FromHours(2));
        there[1] = new("b", "A web", PushedTexts.Usual(30));
        await index.UpsertAsync(there[1], Stop);
        (await index.SweepAsync(dryRun: false, DynamoDbMaintenance.DefaultGrace, force: true, null, Stop)).Repaired.Should().Be(2);
        await index.ShouldFindAsync(there);
        await tables.SweepAsync(index);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task Until_all_rows_have_their_postings_the_order_by_push_uses_a_scan()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        List<Repository> there = [.. Enumerable.Range(0, 12).Select(number => new Repository($"app-{number:d2}", facts: number % 3 == 0 ? null : PushedTexts.Usual(number / 2)))];
        await index.ImportAsync(there.ToAsyncEnumerable(), cancellationToken: Stop);
        var scanner = new ScanSearcher(new(tables.SenderOf(tables.Client), tables.Names, consistent: false, memory: null));
        var session = new SearchSession(12);
        List<Repository> found = [];
        string? continuation = null;
        do
        {
            var page = await scanner.SearchAsync(new("search"), new SearchRequest("", 5, continuation, SearchOrder.Pushed) { Session = session }, Stop);
            (found, continuation) = ([.. found, .. page.Repositories], page.Continuation);
        }
        while (continuation is not null);
        found.Should().Equal(there.OrderBy(PushOrder.KeyOf));
        (await scanner.SearchAsync(new("search"), new SearchRequest("", 5) { Session = session }, Stop)).Repositories.Should().Equal(there[..5], "another order is another search");
    }
}
