using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Searching;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The cost of a call in billed units, and how often the call waits for DynamoDB.</summary>
public sealed class CostTests(CostTests.Loaded loaded) : IClassFixture<CostTests.Loaded>
{
    private const int Repositories = 1000;

    [Theory]
    [InlineData("common", 25, 14, 2)]
    [InlineData("mmo", 25, 14, 2)]
    [InlineData("pyramid", 1, 2, 2)]
    [InlineData("absent", 0, 1.5, 1)]
    [InlineData("t", 25, 13, 2)]
    [InlineData("", 25, 13, 2)]
    public async Task A_first_page_costs_little(string query, int found, double units, int waves)
    {
        var tables = await loaded.TablesAsync();
        await WaveCount.ShouldBeAtMostAsync(waves, async delay =>
        {
            using var client = tables.NewClient();
            client.Delay = delay;
            var index = await tables.OpenAsync(client);
            client.ResetCounts();
            var log = new RequestLog("search");
            var page = await index.SearchAsync(log, new SearchRequest(query), TestIndexes.Stop);
            page.Repositories.Should().HaveCount(found);
            log.Units.Read.Should().BeLessThanOrEqualTo(units);
            log.Requests.Should().Be(client.Calls).And.BeLessThanOrEqualTo(4);
            return client.Waves;
        });
    }

    [Theory]
    [InlineData("common", 25, 1.5)]
    [InlineData("mmo", 25, 1.5)]
    [InlineData("pyramid", 1, 1.5)]
    [InlineData("t", 25, 0.5)]
    [InlineData("", 25, 0.5)]
    [InlineData("common pyramid", 1, 4)]
    public async Task A_page_whose_rows_are_cached_costs_only_its_postings(string query, int found, double units)
    {
        var tables = await loaded.TablesAsync();
        await WaveCount.ShouldBeAtMostAsync(1, async delay =>
        {
            using var client = tables.NewClient();
            client.Delay = delay;
            var index = await tables.OpenAsync(client);
            await index.SearchAsync(new SearchRequest(query), TestIndexes.Stop);
            client.ResetCounts();
            var log = new RequestLog("search");
            (await index.SearchAsync(log, new SearchRequest(query), TestIndexes.Stop)).Repositories.Should().HaveCount(found);
            log.Units.Read.Should().BeLessThanOrEqualTo(units);
            client.CallsOf("BatchGetItem").Should().Be(0);
            return client.Waves;
        });
    }

    [Fact]
    public async Task A_deep_page_costs_no_more_than_the_first()
    {
        var index = await (await loaded.TablesAsync()).OpenAsync();
        string? continuation = null;
        for (var page = 0; page < 20; page++)
        {
            var log = new RequestLog("search");
            continuation = (await index.SearchAsync(log, new SearchRequest("common", 25, continuation), TestIndexes.Stop)).Continuation;
            continuation.Should().NotBeNull();
            log.Units.Read.Should().BeLessThanOrEqualTo(14);
        }
    }

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(2, 1.5, 2)]
    [InlineData(40, 21.5, 2)]
    [InlineData(101, 23, 4)]
    [InlineData(1000, 23, 4)]
    [InlineData(null, 23, 4)]
    public async Task A_list_reads_only_the_requested_number_in_large_requests(int? most, double units, int waves)
    {
        var tables = await loaded.TablesAsync();
        await WaveCount.ShouldBeAtMostAsync(waves, async delay =>
        {
            using var client = tables.NewClient();
            client.Delay = delay;
            var index = await tables.OpenAsync(client);
            client.ResetCounts();
            var list = most is { } count ? index.ListAsync(null, count, TestIndexes.Stop) : index.ListAsync(cancellationToken: TestIndexes.Stop);
            List<Repository> listed = [];
            var cost = await CostAsync(tables, async () => listed = await list.ToListAsync(TestIndexes.Stop));
            listed.Should().HaveCount(most ?? Repositories);
            cost.Read.Should().BeLessThanOrEqualTo(units);
            return client.Waves;
        });
    }

    // A process that opens the index now knows the size of the table. The last two cases read it all with one scan.
    [Theory]
    [InlineData(10)]
    [InlineData(Repositories)]
    [InlineData(null)]
    public async Task A_list_that_was_read_completely_can_still_be_cancelled(int? most)
    {
        var tables = await loaded.TablesAsync();
        var index = await tables.OpenAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestIndexes.Stop);
        List<Repository> listed = [];
        var list = async () =>
        {
            await foreach (var repository in most is { } count ? index.ListAsync(null, count, stop.Token) : index.ListAsync(cancellationToken: stop.Token))
            {
                listed.Add(repository);
                if (listed.Count == 5)
                    await stop.CancelAsync();
            }
        };
        await list.Should().ThrowAsync<OperationCanceledException>();
        listed.Should().HaveCount(5);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(20_000, 200)]
    [InlineData(20, 0.5)]
    public async Task A_list_uses_the_postings_if_the_table_is_large_has_grown_or_has_an_unknown_size(long rows, double scanUnits)
    {
        var tables = await loaded.TablesAsync();
        var lister = new Lister(new(tables.SenderOf(tables.Client), tables.Names, consistent: false, memory: null));
        var log = new RequestLog("list");
        var all = (await tables.RowsAsync()).Select(row => row.Repository).OrderBy(repository => repository.Name, CodePointOrder.Comparer).ToList();
        (await lister.ListAsync(log, all[20].Name, 200, rows, scanUnits, TestIndexes.Stop).ToListAsync(TestIndexes.Stop)).Should().Equal(all.Skip(21).Take(200));
        log.Units.Read.Should().BeInRange(100, 113);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(200)]
    public async Task A_list_with_mostly_orphans_is_complete_and_its_cost_is_bounded(int most)
    {
        var tables = await loaded.OrphansAsync();
        var index = await tables.OpenAsync();
        List<Repository> listed = [];
        var cost = await CostAsync(tables, async () => listed.AddRange(await index.ListAsync(null, most, TestIndexes.Stop).ToListAsync(TestIndexes.Stop)));
        listed.Should().Equal(Loaded.AmongOrphans.Take(most));
        cost.Read.Should().BeLessThanOrEqualTo(120 + (1.5 * most), "100 for orphans, their postings, a scan, and one read of the requested rows");
    }

    [Theory]
    [InlineData(70)]
    [InlineData(Repositories)]
    public async Task A_whole_list_in_limited_memory_scans_the_table_more_than_once(int mostInMemory)
    {
        var tables = await loaded.TablesAsync();
        using var client = tables.NewClient();
        var lister = new Lister(new(tables.SenderOf(client), tables.Names, consistent: false, memory: null), mostInMemory);
        var all = (await tables.RowsAsync()).Select(row => row.Repository).OrderBy(repository => repository.Name, CodePointOrder.Comparer).ToList();
        (await lister.ListAsync(new("list"), null, null, 0, 0, TestIndexes.Stop).ToListAsync(TestIndexes.Stop)).Should().Equal(all);
        (await lister.ListAsync(new("list"), all[20].Name, null, 0, 0, TestIndexes.Stop).ToListAsync(TestIndexes.Stop)).Should().Equal(all.Skip(21));
        (await lister.ScanAsync(new("list"), all[20].Name, 30, TestIndexes.Stop).ToListAsync(TestIndexes.Stop)).Should().Equal(all.Skip(21).Take(30));
    }

    [Fact]
    public async Task A_scan_of_a_thousand_rows_costs_a_tenth_of_their_list()
    {
        var tables = await loaded.TablesAsync();
        var index = await tables.OpenAsync();
        (await CostAsync(tables, async () => await index.ScanAsync().CountAsync(TestIndexes.Stop))).Read.Should().BeLessThanOrEqualTo(45);
    }

    [Fact]
    public async Task Two_common_words_stay_within_a_budget_and_a_common_and_a_rare_word_are_cheap()
    {
        var index = await (await loaded.TablesAsync()).OpenAsync();
        var common = new RequestLog("search");
        (await index.SearchAsync(common, new SearchRequest("common service"), TestIndexes.Stop)).Repositories.Should().HaveCount(25);
        common.Units.Read.Should().BeLessThanOrEqualTo(40);
        var rare = new RequestLog("search");
        (await index.SearchAsync(rare, new SearchRequest("common pyramid"), TestIndexes.Stop)).Repositories.Should().ContainSingle();
        rare.Units.Read.Should().BeLessThanOrEqualTo(10);
    }

    [Theory]
    [InlineData("web", 25)]
    [InlineData("web", 100)]
    [InlineData("", 25)]
    [InlineData("t", 25)]
    [InlineData("shop", 25)]
    public async Task A_page_with_mostly_orphans_is_short_has_a_bounded_cost_and_can_be_continued(string query, int limit)
    {
        var tables = await loaded.OrphansAsync();
        var index = await tables.OpenAsync();
        var found = new List<Repository>();
        string? continuation = null;
        do
        {
            var log = new RequestLog("search");
            var page = await index.SearchAsync(log, new SearchRequest(query, limit, continuation), TestIndexes.Stop);
            log.Units.Read.Should().BeLessThanOrEqualTo(100 + (1.5 * limit), "the budget of a page, and one confirmation");
            found.AddRange(page.Repositories);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        found.Should().BeEquivalentTo(Loaded.AmongOrphans);
    }

    [Fact]
    public async Task A_page_whose_postings_belong_elsewhere_is_short_has_a_bounded_cost_and_can_be_continued()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.OpenAsync();
        // Each text occurs at two places, of which the earlier one counts. The later one's posting matches longer words only.
        var repositories = Enumerable.Range(0, 60).Select(number => new Repository($"x{number:d2}", "sesame sesames")).ToList();
        var index = tables.New(effort: new(Units: 4, Few: 4, Many: 4));
        await index.InitializeAsync(TestIndexes.Stop);
        await index.ImportAsync(repositories.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        (await Expectations.AllOfAsync(index, "sesame", limit: 5)).Should().BeEquivalentTo(repositories).And.OnlyHaveUniqueItems();
        (await Expectations.AllOfAsync(index, "sesames", limit: 5)).Should().BeEquivalentTo(repositories).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_write_costs_its_row_and_postings_and_an_unchanged_one_costs_no_write_units()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var name = "platform/billing-inbox";
        var description = "Receives invoices by mail and files them for the accountants";
        (name.Length, description.Length).Should().Be((22, 60));
        (await CostAsync(tables, () => index.UpsertAsync(new(name, description), TestIndexes.Stop))).Should().Match<Units>(units => units.Write <= 62 && units.Read == 1);
        (await CostAsync(tables, () => index.UpsertAsync(new(name, description), TestIndexes.Stop))).Should().Be(new Units(1, 0));
        (await CostAsync(tables, () => index.UpsertAsync(new(name, "Sends reminders where nobody has paid until the end of month"), TestIndexes.Stop)))
            .Should().Match<Units>(units => units.Write <= 80);
        (await CostAsync(tables, () => index.DeleteAsync(name, TestIndexes.Stop))).Should().Match<Units>(units => units.Write <= 62);
    }

    [Fact]
    public async Task The_computed_cost_equals_the_cost_that_DynamoDB_reports()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var texts = new RandomTexts(7);
        for (var number = 0; number < 20; number++)
            await index.UpsertAsync(new Repository($"{texts.Name()}/{number}", new string('é', texts.Random.Next(1, 350))), TestIndexes.Stop);
        foreach (var item in await tables.ItemsOfAsync(tables.Options.RepositoryTable))
        {
            var request = new Amazon.DynamoDBv2.Model.PutItemRequest(tables.Options.RepositoryTable, item) { ReturnConsumedCapacity = "TOTAL" };
            var reported = await tables.Client.PutItemAsync(request, TestIndexes.Stop);
            reported.ConsumedCapacity.CapacityUnits.Should().Be(BilledUnits.Write(BilledUnits.SizeOf(item)));
        }

        var scan = await tables.Client.ScanAsync(new() { TableName = tables.Options.SearchTable, ReturnConsumedCapacity = "TOTAL" }, TestIndexes.Stop);
        scan.ConsumedCapacity.CapacityUnits.Should().Be(BilledUnits.Read(scan.Items.Sum(BilledUnits.SizeOf), consistent: false));
    }

    [Fact]
    public async Task A_scan_is_billed_by_whole_rows_although_only_some_attributes_are_read()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        Repository[] repositories = [.. Enumerable.Range(0, 60).Select(i => new Repository($"team/app-{i:d2}", i % 3 == 0 ? null : new string('é', 300)))];
        await index.ImportAsync(repositories.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        var whole = (await tables.ItemsOfAsync(tables.Options.RepositoryTable)).Sum(BilledUnits.SizeOf);
        var read = new List<Repository>();
        (await CostAsync(tables, async () => read.AddRange(await index.ScanAsync().ToListAsync(TestIndexes.Stop))))
            .Should().Be(new Units(BilledUnits.Read(whole, consistent: true), 0));
        read.Should().BeEquivalentTo(repositories);
    }

    // The units that a listener of the meter sees.
    internal static async Task<Units> CostAsync(TestIndexes tables, Func<Task> call)
    {
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        var units = new Dictionary<string, double>();
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, tables.Meters) && instrument.Name == "registryindex.dynamodb.units")
                me.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            var kind = (string)tags.ToArray().Single(tag => tag.Key == "kind").Value!;
            lock (units)
                units[kind] = units.GetValueOrDefault(kind) + value;
        });
        listener.Start();
        await call();
        return new(units.GetValueOrDefault("read"), units.GetValueOrDefault("write"));
    }

    /// <summary>Data that many tests only search or list. The first test loads it, because a test can be skipped and a fixture cannot.</summary>
    public sealed class Loaded : IAsyncDisposable
    {
        private TestIndexes? _tables;
        private TestIndexes? _orphans;

        internal static IReadOnlyList<Repository> AmongOrphans { get; } = [new("team/web-0300", "A shop"), new("team/web-0599", "A shop")];

        public async ValueTask DisposeAsync()
        {
            foreach (var tables in new[] { _tables, _orphans }.OfType<TestIndexes>())
                await tables.DisposeAsync();
        }

        /// <summary>The postings of 600 repositories, of which only two have a row.</summary>
        internal async Task<TestIndexes> OrphansAsync()
        {
            if (_orphans is not null)
                return _orphans;
            var tables = _orphans = await TestIndexes.NewAsync();
            await (await tables.OpenAsync()).ImportAsync(Enumerable.Range(0, 600).Select(number => new Repository($"team/web-{number:d4}", "A shop")).ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
            await Parallel.ForEachAsync(await tables.RowsAsync(), async (row, _) =>
            {
                if (!AmongOrphans.Contains(row.Repository))
                    await tables.Client.DeleteItemAsync(tables.Options.RepositoryTable, Writing.RepositoryRow.KeyOf(row.Name), TestIndexes.Stop);
            });
            return tables;
        }

        /// <summary>A thousand repositories.</summary>
        internal async Task<TestIndexes> TablesAsync()
        {
            if (_tables is not null)
                return _tables;
            _tables = await TestIndexes.NewAsync();
            var result = await (await _tables.OpenAsync()).ImportAsync(Enumerable.Range(0, Repositories)
                .Select(number => new Repository($"team-{number % 20:00}/service-{number:0000}", number == 321 ? "The only pyramid of the common kind" : $"A common part, number {number}"))
                .ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
            result.Added.Should().Be(Repositories);
            return _tables;
        }
    }
}
