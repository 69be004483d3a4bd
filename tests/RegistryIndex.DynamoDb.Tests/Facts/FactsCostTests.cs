using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Searching;
using RegistryIndex.DynamoDb.Tests.Searching;
using RegistryIndex.Testing;

namespace RegistryIndex.DynamoDb.Tests.Facts;

/// <summary>The cost of pushes and of the order of the last push, in billed units and in waves of requests.</summary>
public sealed class FactsCostTests(ITestOutputHelper output)
{
    private const string Name = "platform/billing-inbox";
    private const string Description = "Receives invoices by mail and files them for the accountants";

    private static CancellationToken Stop => TestIndexes.Stop;

    [Fact]
    public async Task A_push_that_changes_only_facts_costs_its_row_and_two_postings()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        (await CostAsync(tables, () => index.UpsertAsync(new(Name, Description, PushedTexts.Usual(1)), Stop))).Should().Match<Units>(units => units.Write <= 63 && units.Read == 1);
        (await tables.RowsAsync()).Single().Size.Should().BeInRange(800, 2048);
        (await CostAsync(tables, () => index.UpsertAsync(new(Name, Description, PushedTexts.Usual(2)), Stop))).Should().Match<Units>(units => units.Write <= 4 && units.Read == 1);
        (await CostAsync(tables, () => index.UpsertAsync(new(Name, Description, PushedTexts.Usual(2)), Stop))).Should().Be(new Units(1, 0));
        (await CostAsync(tables, () => index.UpsertAsync(new(Name, Description), Stop))).Should().Be(new Units(1, 0));
        (await CostAsync(tables, () => index.DeleteAsync(Name, Stop))).Should().Match<Units>(units => units.Write <= 64);
    }

    [Fact]
    public async Task With_the_largest_facts_and_a_long_description_a_push_costs_three_more_units()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        PushedTexts.Largest(1).ToJson().Length.Should().BeInRange(2900, 3072);
        await index.UpsertAsync(new(Name, new string('x', 350), PushedTexts.Largest(1)), Stop);
        (await tables.RowsAsync()).Single().Size.Should().BeInRange(3300, 4096);
        (await CostAsync(tables, () => index.UpsertAsync(new(Name, new string('x', 350), PushedTexts.Largest(2)), Stop))).Should().Be(new Units(1, 6));
    }

    [Fact]
    public async Task The_first_facts_of_a_repository_of_an_earlier_build_cost_its_row_and_a_posting()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await index.UpsertAsync(new(Name, Description), Stop);
        (await CostAsync(tables, () => index.UpsertAsync(new(Name, Description, PushedTexts.Usual(null)), Stop))).Should().Match<Units>(units => units.Write <= 2);
        (await CostAsync(tables, () => index.UpsertAsync(new(Name, Description, PushedTexts.Usual(2)), Stop))).Should().Match<Units>(units => units.Write <= 3);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, 1)]
    [InlineData(1, 2)]
    [InlineData(1, null)]
    public async Task The_estimated_cost_of_a_write_is_what_it_costs(int? before, int? after)
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var stored = new Repository(Name, Description, before is null ? null : PushedTexts.Usual(before));
        await index.UpsertAsync(stored, Stop);
        var next = new Repository(Name, Description, PushedTexts.Usual(after));
        DynamoDbCost.Of(next, stored).WriteUnits.Should().Be((await CostAsync(tables, () => index.UpsertAsync(next, Stop))).Write);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(10_000)]
    [InlineData(100_000)]
    public async Task The_newest_25_repositories_cost_no_more_in_a_large_index(int repositories)
    {
        var facts = PushedTexts.Usual(null);
        var all = Enumerable.Range(0, repositories).Select(number => new Repository(
            $"team-{number % 20:00}/service-{number:000000}", "A common part", number % 10 == 0 ? null : facts with { PushedAt = PushedTexts.Begin.AddSeconds(number * 7919 % repositories) })).ToList();
        var data = await MemoryTables.NewAsync(all);
        var expected = all.OrderBy(PushOrder.KeyOf).ToList();
        string? continuation = null;
        for (var page = 0; page < 4; page++)
        {
            string? next = null;
            await WaveCount.ShouldBeAtMostAsync(2, async delay =>
            {
                await data.ReopenAsync(); // so that no row of the page is cached
                data.Client.ResetCounts();
                data.Client.Delay = delay;
                var found = await data.Index.SearchAsync(new SearchRequest("", 25, continuation, SearchOrder.Pushed), Stop);
                found.Repositories.Should().Equal(expected.Skip(25 * page).Take(25));
                output.WriteLine($"{repositories} repositories, page {page + 1}: {data.Client.Units} units, {data.Client.Waves} waves");
                data.Client.Units.Should().BeLessThanOrEqualTo(16);
                next = found.Continuation;
                return data.Client.Waves;
            });
            continuation = next;
        }

        var last = await MemoryTables.NewAsync([.. expected[^40..]]);
        (await Expectations.AllOfAsync(last.Index, "", 25, SearchOrder.Pushed)).Should().Equal(expected[^40..], "their push times are unknown");
    }

    [Fact]
    public async Task A_page_of_rows_with_the_largest_facts_costs_as_much_as_any_page()
    {
        var all = Enumerable.Range(0, 200).Select(number => new Repository($"team-{number % 20:00}/service-{number:0000}", "A common part", PushedTexts.Largest(number))).ToList();
        var data = await MemoryTables.NewAsync(all, "common");
        (await data.Index.SearchAsync(new SearchRequest("common"), Stop)).Repositories.Should().HaveCount(25);
        data.Client.Units.Should().BeLessThanOrEqualTo(14);
        await data.ReopenAsync();
        data.Client.ResetCounts();
        (await data.Index.SearchAsync(new SearchRequest("", 25, null, SearchOrder.Pushed), Stop)).Repositories.Should().HaveCount(25);
        data.Client.Units.Should().BeLessThanOrEqualTo(16);
    }

    [Fact]
    public async Task Lists_and_scans_cost_their_rows_with_facts()
    {
        var all = Enumerable.Range(0, 1_000).Select(number => new Repository($"team-{number % 20:00}/service-{number:0000}", $"A common part, number {number}", PushedTexts.Usual(number))).ToList();
        var data = await MemoryTables.NewAsync(all);
        (data.Client.Size / 1_000).Should().BeInRange(780, 820);
        data.Client.ResetCounts();
        (await data.Index.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().Equal(all.InOrderOfNames());
        output.WriteLine($"list: {data.Client.Units} units");
        data.Client.Units.Should().BeInRange(90, 103);
        data.Client.ResetCounts();
        (await data.Index.ScanAsync().ToListAsync(Stop)).InOrderOfNames().Should().Equal(all.InOrderOfNames());
        output.WriteLine($"scan: {data.Client.Units} units");
        data.Client.Units.Should().BeInRange(180, 205);
        (await new Lister(data.Tables, mostInMemory: 300).ListAsync(new("list"), null, null, 0, 0, Stop).ToListAsync(Stop))
            .Should().Equal(all.InOrderOfNames(), "the table is scanned several times");
    }

    [Fact]
    public void The_partitions_have_about_equal_shares()
    {
        var shares = Enumerable.Range(0, 4_000).CountBy(number => PostingKey.PushShardOf($"team-{number % 20:00}/service-{number:0000}")).Select(shard => shard.Value).ToList();
        shares.Should().HaveCount(PostingKey.PushShards).And.OnlyContain(count => count > 850 && count < 1_150);
    }

    private static Task<Units> CostAsync(TestIndexes tables, Func<Task> call) => CostTests.CostAsync(tables, call);
}
