using System.Text.Json.Nodes;
using RegistryIndex.Migration;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Upgrading;

/// <summary>The current program opens indexes of released programs, and gives the same answers.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task An_old_index_opens_and_has_all_its_results_at_once(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name);
        await ShouldAnswerAsync(await old.OpenAsync(), old.Answers, IsUtf16(name));
    }

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task A_continuation_of_the_old_program_is_refused_because_of_another_order(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name);
        var positions = old.Answers.Searches.SelectMany(search => search.Pages, (search, page) => (search.Query, page.Continuation)).Where(one => one.Continuation is not null).ToList();
        positions.Should().NotBeEmpty();
        foreach (var (query, continuation) in positions)
            FluentActions.Invoking(() => new SearchRequest(query, continuation: continuation)).Should().Throw<ArgumentException>("of '{0}'", query).WithMessage("*start again without one*");
    }

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task Two_programs_can_open_an_old_index_at_once(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name);
        IRegistryIndex[] indexes = [old.Open(), old.Open()];
        await Task.WhenAll(indexes.Select(index => Task.Run(() => index.InitializeAsync(Stop), Stop)));
        foreach (var index in indexes)
            await ShouldAnswerAsync(index, old.Answers, IsUtf16(name));
    }

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task Two_servers_that_start_at_once_serve_an_old_index_and_commands_have_the_old_output(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name);
        var servers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => RegistryIndexProcess.ServeAsync(old.Arguments)));
        try
        {
            using var client = new HttpClient();
            var search = old.Answers.Searches.First(one => one.Query.Length == 0);
            foreach (var server in servers)
            {
                await Eventually.BeAsync(async () => (await client.GetAsync($"http://{server.Address}/readyz", Stop)).IsSuccessStatusCode);
                var page = await client.GetStringAsync($"http://{server.Address}/v1/search?q=&n={search.Limit}", Stop);
                JsonNode.Parse(page)!["results"]!.AsArray().Select(row => (string)row!["name"]!).Should().Equal(search.Pages[0].Names);
            }

            foreach (var server in servers)
            {
                (await server.StopAsync()).Should().Be(0, "of {0}", server.Log);
                server.Log.Should().NotContain("fail:").And.NotContain("Exception").And.NotContain("the new index");
            }
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }

        var export = await old.RunAsync("export");
        export.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal(old.Answers.Lines, "of {0}", export.Stderr);
        var status = JsonNode.Parse((await old.RunAsync("status", "--json")).Stdout)!;
        foreach (var (key, value) in JsonNode.Parse(old.Answers.Status)!.AsObject())
            // An index with content needs no first load, which the release called "not begun".
            status[key]?.ToJsonString().Should().Be(key == "first_load" && (string?)value == "not begun" ? "\"not needed\"" : value?.ToJsonString(), "of {0}", key);
    }

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task An_old_index_can_be_written_and_keeps_other_rows(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name);
        var index = await old.OpenAsync();
        var expected = old.Answers.Repositories.ToDictionary(repository => repository.Name, StringComparer.Ordinal);
        foreach (var (gone, i) in expected.Keys.Order(StringComparer.Ordinal).Select((one, i) => (one, i)).ToList())
        {
            if (i % 5 == 0)
                (await index.DeleteAsync(gone, Stop)).Should().BeTrue("{0} was in the old index", gone);
            else if (i % 5 == 1 && RepositoryName.FindProblem(gone) is null)
                (await index.UpsertAsync(expected[gone] = new(gone, $"Written anew: {i}"), Stop)).Should().Be(UpsertOutcome.Updated);
            else
                continue;
            if (i % 5 == 0)
                expected.Remove(gone);
        }

        var added = Enumerable.Range(0, 50).Select(i => new Repository($"added/app-{i:d2}", $"Written anew: added {i}")).ToList();
        (await index.ImportAsync(added.ToAsyncEnumerable(), cancellationToken: Stop)).Added.Should().Be(50);
        foreach (var repository in added)
            expected[repository.Name] = repository;

        foreach (var opened in new[] { index, await old.OpenAsync() })
        {
            (await opened.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).InOrderOfNames().Should().Equal(expected.Values.InOrderOfNames());
            foreach (var query in new[] { "", "written anew", "app", "web", "a", "team" })
                await ShouldFindAsync(opened, query, expected.Values, IsUtf16(name));
        }
    }

    [Theory]
    [MemberData(nameof(OldIndex.InDynamoDb), MemberType = typeof(OldIndex))]
    public async Task Tables_of_DynamoDB_get_their_new_postings_once_and_a_sweep_removes_the_old_ones(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name);
        var before = await old.ReadTablesAsync();
        before.Should().Contain(item => IsPosting(item, "a"));
        await old.OpenAsync();
        var opened = await old.ReadTablesAsync();
        opened.Should().Contain(before.Where(item => IsPosting(item, "a")), "opening removes nothing").And.Contain(item => IsPosting(item, "b"));
        await ShouldAnswerAsync(await old.OpenAsync(), old.Answers, isUtf16: false);
        (await old.ReadTablesAsync()).Should().Equal(opened, "the second program has nothing to do");

        (await old.RunAsync("sweep")).ExitCode.Should().Be(0);
        (await old.ReadTablesAsync()).Should().Equal(opened.Where(item => !IsPosting(item, "a")));
        await ShouldAnswerAsync(await old.OpenAsync(), old.Answers, isUtf16: false);
    }

    [Theory]
    [MemberData(nameof(OldIndex.HalfMigrated), MemberType = typeof(OldIndex))]
    public async Task A_migration_interrupted_before_the_upgrade_continues_from_its_position(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name);
        var file = Path.Combine(_directory.Path, "moved.db");
        var rows = string.Concat(Enumerable.Range(0, 40).Select(i => $"moved/app-{i:d2}\tmoved by a migration\n"));
        (await RegistryIndexProcess.RunWithInputAsync(rows, "import", "-", "--database", $"sqlite:///{file}")).ExitCode.Should().Be(0);
        var index = await old.OpenAsync();
        (await MirrorMark.IsSetAsync(index, Stop)).Should().BeTrue("a mirror has written to the index");
        var mark = (await index.ReadMarkAsync(MigrationMark.Name, Stop))!;
        var here = JsonNode.Parse(mark)!;
        here["source"] = file; // it contains the location of the source on the machine that made the index
        (await index.TryReplaceMarkAsync(MigrationMark.Name, mark, here.ToJsonString(), Stop)).Should().BeTrue();

        var migrate = await old.RunAsync("migrate", "--from", $"sqlite:///{file}", "--to", old.Side);
        migrate.ExitCode.Should().Be(0, migrate.Stderr);
        migrate.Stderr.Should().Contain("20 repositories are migrated").And.Contain("20 added, 0 updated, 0 unchanged");
        var list = await index.ListAsync(cancellationToken: Stop).Select(repository => repository.Name).ToListAsync(Stop);
        list.Should().HaveCount(old.Answers.Repositories.Count + 20).And.Contain("moved/app-39");
    }

    [Theory]
    [MemberData(nameof(OldIndex.OwnInDynamoDb), MemberType = typeof(OldIndex))]
    public async Task An_old_index_can_be_migrated_to_a_new_one_and_mirrored(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name);
        var made = $"sqlite:///{Path.Combine(_directory.Path, "new.db")}";
        var migrate = await old.RunAsync("migrate", "--from", old.Side, "--to", made);
        migrate.ExitCode.Should().Be(0, migrate.Stderr);
        await ShouldBeEqualAsync();

        string[] mirror =
        [
            .. old.Arguments, "--search-backend", "mirror", "--set", "mirror:primary=dynamodb", "--set", "mirror:secondary=efcore", "--set", "mirror:compare=1", "--database", made,
        ];
        var import = await RegistryIndexProcess.RunWithInputAsync("mirrored/app\tfound in both\n", ["import", "-", .. mirror]);
        import.ExitCode.Should().Be(0, import.Stderr);
        (await RegistryIndexProcess.RunAsync(["delete", "mirrored/app", .. mirror])).ExitCode.Should().Be(0);
        await ShouldBeEqualAsync();

        async Task ShouldBeEqualAsync()
        {
            var verify = await old.RunAsync("verify", "--from", old.Side, "--to", made);
            verify.ExitCode.Should().Be(0, "of {0}", verify.Stdout);
            verify.Stderr.Should().Contain(": 0 differ.");
        }
    }

    // Reads the list, and every search page by page, with the current continuations.
    private static async Task ShouldAnswerAsync(IRegistryIndex index, OldAnswers answers, bool isUtf16)
    {
        (await index.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().Equal(answers.Repositories);
        var status = await index.GetStatusAsync(Stop);
        status.Repositories.Should().Be(answers.Repositories.Count);
        foreach (var search in answers.Searches)
        {
            var query = SearchQuery.Parse(search.Query);
            List<Repository> found = [.. answers.Repositories.Where(repository => query.Rank(repository) is not null).OrderBy(repository => query.Rank(repository)!.Value)];
            if (search.Pages[^1].Continuation is null)
                search.Pages.SelectMany(page => page.Names).Order(StringComparer.Ordinal).Should().Equal(found.InOrderOfNames().Select(repository => repository.Name), "of '{0}' the order alone has changed", search.Query);
            string? position = null;
            List<Repository> walked = [];
            do
            {
                (var page, position) = await ReadAsync(index, search, position);
                walked.AddRange(page);
            }
            while (position is not null);
            if (isUtf16)
                walked.InOrderOfNames().Should().Equal(found.InOrderOfNames(), "of '{0}'", search.Query);
            else
                walked.Should().Equal(found, "of '{0}'", search.Query);
        }
    }

    // The partition key of a posting starts with the letter of its layout.
    private static bool IsPosting(string item, string layout) => item.StartsWith($"search p={layout}", StringComparison.Ordinal) || item.Contains($",p={layout}", StringComparison.Ordinal);

    private static bool IsUtf16(string name) => name.EndsWith("utf16", StringComparison.Ordinal);

    // A page may be short if a provider limits its work (contract 5.5). The rest follows its continuation.
    private static async Task<(List<Repository> Found, string? Next)> ReadAsync(IRegistryIndex index, OldSearch search, string? position)
    {
        var found = new List<Repository>();
        do
        {
            var page = await index.SearchAsync(new(search.Query, search.Limit - found.Count, position), Stop);
            found.AddRange(page.Repositories);
            position = page.Continuation;
        }
        while (position is not null && found.Count < search.Limit);
        return (found, position);
    }

    // SQLite compares by UTF-16 code units in a file with that encoding, which a predecessor may have created.
    private static async Task ShouldFindAsync(IRegistryIndex index, string query, IEnumerable<Repository> all, bool isUtf16)
    {
        var parsed = SearchQuery.Parse(query);
        var expected = all.Where(repository => parsed.Rank(repository) is not null).OrderBy(repository => parsed.Rank(repository)!.Value);
        var (found, next) = await ReadAsync(index, new(query, SearchRequest.MaxLimit, []), null);
        if (isUtf16)
            found.InOrderOfNames().Should().Equal(expected.InOrderOfNames(), "of '{0}'", query);
        else
            found.Should().Equal(expected.Take(SearchRequest.MaxLimit), "of '{0}'", query);
        (next is null).Should().Be(expected.Count() <= SearchRequest.MaxLimit);
    }
}
