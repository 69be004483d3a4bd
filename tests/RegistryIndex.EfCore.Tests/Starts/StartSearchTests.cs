using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Tests.Starts;

/// <summary>Pages from the table of starts are those of the contract, after writes by any program.</summary>
public sealed class StartSearchTests
{
    private static readonly string?[] Descriptions = [null, "app of a shop", "x", "The library of b-a", "abc app-x"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task Random_histories_keep_the_starts_correct_and_the_pages_equal_to_the_reference(string engine)
    {
        await using var database = await TestDatabase.NewAsync(engine);
        var random = new RandomNames(7);
        var index = await database.OpenAsync();
        for (var round = 0; round < 40; round++)
        {
            switch (random.Next(6))
            {
                case 0:
                    await index.UpsertAsync(new(random.GoodName(), random.Pick(Descriptions)), Stop);
                    break;
                case 1:
                    if (await PickAsync() is { } gone)
                        await index.DeleteAsync(gone, Stop);
                    break;
                case 2 or 3:
                    await index.ImportAsync(Enumerable.Range(0, 30).Select(_ => new Repository(random.GoodName(), random.Pick(Descriptions))).ToAsyncEnumerable(), cancellationToken: Stop);
                    break;
                case 4:
                    // Another program writes beside us, and SQLite reuses the id of a removed row.
                    await database.ExecuteAsync("DELETE FROM repository WHERE id = (SELECT max(id) FROM repository)");
                    await AddOtherAsync(random.GoodName());
                    await index.ImportAsync(new Repository[] { new(random.GoodName(), $"round {round}"), new(random.GoodName()) }.ToAsyncEnumerable(), cancellationToken: Stop);
                    index = await database.OpenAsync();
                    break;
                default:
                    for (var i = 0; i < 5; i++)
                        await AddOtherAsync(random.Name().Trim());
                    index = await database.OpenAsync();
                    break;
            }

            await ShouldBeTrueAsync(database);
            var all = await index.ListAsync(cancellationToken: Stop).ToListAsync(Stop);
            for (var i = 0; i < 6 && all.Count > 0; i++)
            {
                var query = random.PieceOf(random.Pick(all).Name);
                await ShouldPageAsync(index, all, random.Next(4) == 0 ? $"{query} {random.PieceOf(random.Pick(all).Name)}" : query, limit: random.Pick([1, 3, 25]));
            }
        }

        async Task<string?> PickAsync() => await index.ListAsync(cancellationToken: Stop).ToListAsync(Stop) is { Count: > 0 } all ? random.Pick(all).Name : null;

        Task AddOtherAsync(string name) => name.Length == 0 ? Task.CompletedTask : database.ReadAsync("INSERT INTO repository (name) VALUES ($1) ON CONFLICT DO NOTHING", name);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task Overlong_names_of_a_predecessor_are_listed_in_order(string engine)
    {
        await using var database = await TestDatabase.NewAsync(engine);
        var index = await database.OpenAsync();
        await index.ImportAsync(Enumerable.Range(0, 60).Select(i => new Repository($"team/app-{i:d2}", "a shop")).ToAsyncEnumerable(), cancellationToken: Stop);
        foreach (var name in (string[])[$"app-1{new string('0', 900)}", $"{new string('y', 900)}/app-30", string.Concat(Enumerable.Repeat("😀", 120)) + "/app-45", "  ", "library//app-2"])
            await database.ReadAsync("INSERT INTO repository (name, description) VALUES ($1, 'a shop')", name);
        index = await database.OpenAsync();
        await ShouldBeTrueAsync(database);
        var all = await index.ListAsync(cancellationToken: Stop).ToListAsync(Stop);
        all.Should().HaveCount(65);
        foreach (var query in (string[])["app", "a", "app-", "shop app", "a app-4", "y", "😀", "pp", "/app-2", "app-10000", "shop", ""])
        {
            foreach (var limit in (int[])[1, 10, 25, 100])
                await ShouldPageAsync(index, all, query, limit);
        }

        // Longer than a key of PostgreSQL, even when it is compressed.
        var longest = "z" + string.Concat(Enumerable.Range(0, 3_000).Select(i => Convert.ToChar('a' + (i * i * 7919 / 13 % 26)))) + "/app-4";
        await database.ReadAsync("INSERT INTO repository (name, description) VALUES ($1, 'a shop')", longest);
        index = await database.OpenAsync();
        await ShouldBeTrueAsync(database);
        (await index.SearchAsync(new("app-4", 2), Stop)).Repositories[0].Name.Should().Be(longest, "its last segment equals the word");

        foreach (var name in all.Select(one => one.Name).Where(name => name.Length is < 3 or > 100).Append(longest))
            (await index.DeleteAsync(name, Stop)).Should().BeTrue();
        await ShouldBeTrueAsync(database);
        await ShouldPageAsync(index, [.. all.Where(one => one.Name.Length is > 2 and < 100)], "app", 25);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task Rows_with_several_words_that_rarely_occur_together_are_found_in_order(string engine)
    {
        await using var database = await TestDatabase.NewAsync(engine);
        var index = await database.OpenAsync();
        var all = Enumerable.Range(0, 3_000).Select(i => new Repository($"team-{i % 7}/app-{i:d4}", i % 2 == 0 ? "even" : i % 997 == 5 ? "rare" : null)).ToList();
        await index.ImportAsync(all.ToAsyncEnumerable(), cancellationToken: Stop);
        foreach (var query in (string[])["even app", "rare app", "team-3 even app-1", "t app", "x app", "app team", "rare t"])
            await ShouldPageAsync(index, all, query, 10);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Engines), MemberType = typeof(TestDatabase))]
    public async Task A_new_description_does_not_write_the_starts(string engine)
    {
        await using var database = await TestDatabase.NewAsync(engine);
        var index = await database.OpenAsync();
        await index.UpsertAsync(new("team/app"), Stop);
        await database.ExecuteAsync(engine == "SQLite"
            ? """
            CREATE TRIGGER guard_insert BEFORE INSERT ON registry_index_start BEGIN SELECT raise(ABORT, 'touched'); END;
            CREATE TRIGGER guard_delete BEFORE DELETE ON registry_index_start BEGIN SELECT raise(ABORT, 'touched'); END;
            CREATE TRIGGER guard_update BEFORE UPDATE ON registry_index_start BEGIN SELECT raise(ABORT, 'touched'); END;
            """
            : """
            CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'touched'; END $$;
            CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON registry_index_start FOR EACH STATEMENT EXECUTE FUNCTION guard();
            """);
        (await index.UpsertAsync(new("team/app", "new"), Stop)).Should().Be(UpsertOutcome.Updated);
        (await index.ImportAsync(new Repository[] { new("team/app", "newer") }.ToAsyncEnumerable(), cancellationToken: Stop)).Updated.Should().Be(1);
        (await index.SearchAsync(new("app"), Stop)).Repositories.Should().Equal(new Repository("team/app", "newer"));
        var adding = () => index.UpsertAsync(new("team/other"), Stop);
        await adding.Should().ThrowAsync<RegistryIndexException>().WithMessage("*touched*");
    }

    private static async Task ShouldBeTrueAsync(TestDatabase database)
    {
        var expected = (await database.ReadAsync("SELECT id, name FROM registry_index_text"))
            .Select(row => row.Split('|', 2))
            .SelectMany(row => SegmentStart.Of(int.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture), row[1], keepsOrder: true))
            .Select(start => $"{start.Text}|{start.Unofficial}|{start.NameLength}|{start.Name}|{start.Id}|{start.AlsoBefore}");
        (await database.ReadAsync("SELECT text, unofficial, name_length, name, id, also_before FROM registry_index_start")).Order(StringComparer.Ordinal)
            .Should().Equal(expected.Order(StringComparer.Ordinal));
        (await database.ReadAsync("SELECT id, name FROM repository ORDER BY id")).Should().Equal(await database.ReadAsync("SELECT id, name FROM registry_index_text ORDER BY id"));
    }

    private static async Task ShouldPageAsync(EfCoreRegistryIndex index, List<Repository> all, string query, int limit)
    {
        string? continuation = null;
        do
        {
            var request = new SearchRequest(query, limit, continuation);
            var best = new BestRanked(request);
            foreach (var repository in all)
                best.Add(repository);
            var (expected, page) = (best.ToPage(), await index.SearchAsync(request, Stop));
            page.Repositories.Should().Equal(expected.Repositories, "of '{0}', {1} a page", query, limit);
            page.Continuation.Should().Be(expected.Continuation);
            continuation = page.Continuation;
        }
        while (continuation is not null);
    }
}
