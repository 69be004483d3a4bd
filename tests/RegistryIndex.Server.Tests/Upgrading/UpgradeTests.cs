using System.Text.Json.Nodes;
using RegistryIndex.Server.Mirroring;
using RegistryIndex.Server.Moving;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Upgrading;

/// <summary>Indexes that released programs made: today's program opens them, and they answer as they did.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task It_opens_and_answers_every_search_as_before(string release, string backend, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, backend, name);
        await ShouldAnswerAsync(await old.OpenAsync(), old.Answers);
    }

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task Positions_that_the_old_program_gave_are_still_good(string release, string backend, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, backend, name);
        var index = await old.OpenAsync();
        foreach (var search in old.Answers.Searches)
        {
            foreach (var (before, page) in search.Pages.Zip(search.Pages.Skip(1)))
            {
                var (found, _) = await ReadAsync(index, search, before.Continuation);
                found.Select(repository => repository.Name).Should().Equal(page.Names, "of the page of '{0}' after '{1}'", search.Query, LastOf(before));
            }
        }
    }

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task It_opens_twice_at_once(string release, string backend, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, backend, name);
        IRegistryIndex[] indexes = [old.Open(), old.Open()];
        await Task.WhenAll(indexes.Select(index => Task.Run(() => index.InitializeAsync(Stop), Stop)));
        foreach (var index in indexes)
            await ShouldAnswerAsync(index, old.Answers);
    }

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task Two_servers_that_start_at_once_serve_it_and_the_commands_say_what_they_said(string release, string backend, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, backend, name);
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
                server.Log.Should().NotContain("fail:").And.NotContain("Exception").And.NotContain("Loading");
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
            // An index that holds something needs no first load, which the release called "not begun".
            status[key]?.ToJsonString().Should().Be(key == "first_load" && (string?)value == "not begun" ? "\"not needed\"" : value?.ToJsonString(), "of {0}", key);
    }

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task It_is_written_like_any_other_and_keeps_what_is_not_written(string release, string backend, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, backend, name);
        var index = await old.OpenAsync();
        var expected = old.Answers.Repositories.ToDictionary(repository => repository.Name, StringComparer.Ordinal);
        foreach (var (gone, i) in expected.Keys.Order(StringComparer.Ordinal).Select((one, i) => (one, i)).ToList())
        {
            if (i % 5 == 0)
                (await index.DeleteAsync(gone, Stop)).Should().BeTrue("{0} was there", gone);
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
            (await opened.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().BeEquivalentTo(expected.Values);
            foreach (var query in new[] { "", "written anew", "app", "web", "a", "team" })
                await ShouldFindAsync(opened, query, expected.Values, isUtf16: name.EndsWith("utf16", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(OldIndex.InDynamoDb), MemberType = typeof(OldIndex))]
    public async Task Tables_of_DynamoDB_are_not_written_by_being_opened(string release, string backend, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, backend, name);
        var before = await old.ReadTablesAsync();
        await old.OpenAsync();
        (await old.ReadTablesAsync()).Should().Equal(before);
    }

    [Theory]
    [MemberData(nameof(OldIndex.HalfMigrated), MemberType = typeof(OldIndex))]
    public async Task A_migration_that_was_interrupted_before_goes_on_where_it_was(string release, string backend, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, backend, name);
        var file = Path.Combine(_directory.Path, "moved.db");
        var rows = string.Concat(Enumerable.Range(0, 40).Select(i => $"moved/app-{i:d2}\tmoved by a migration\n"));
        (await RegistryIndexProcess.RunWithInputAsync(rows, "import", "-", "--database", $"sqlite:///{file}")).ExitCode.Should().Be(0);
        var index = await old.OpenAsync();
        (await MirrorMark.IsSetAsync(index, Stop)).Should().BeTrue("a mirror was there");
        var mark = (await index.ReadMarkAsync(MigrationMark.Name, Stop))!;
        var here = JsonNode.Parse(mark)!;
        here["source"] = file; // it says where the source was on the machine that the index comes from
        (await index.TryReplaceMarkAsync(MigrationMark.Name, mark, here.ToJsonString(), Stop)).Should().BeTrue();

        var migrate = await old.RunAsync("migrate", "--from", $"sqlite:///{file}", "--to", old.Side);
        migrate.ExitCode.Should().Be(0, migrate.Stderr);
        migrate.Stderr.Should().Contain("20 repositories are moved").And.Contain("20 added, 0 updated, 0 unchanged");
        var list = await index.ListAsync(cancellationToken: Stop).Select(repository => repository.Name).ToListAsync(Stop);
        list.Should().HaveCount(old.Answers.Repositories.Count + 20).And.Contain("moved/app-39");
    }

    // What is listed, and every search page by page, walked by the positions that it gives now.
    private static async Task ShouldAnswerAsync(IRegistryIndex index, OldAnswers answers)
    {
        (await index.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().Equal(answers.Repositories);
        var status = await index.GetStatusAsync(Stop);
        status.Repositories.Should().Be(answers.Repositories.Count);
        var described = answers.Repositories.ToDictionary(repository => repository.Name, StringComparer.Ordinal);
        foreach (var search in answers.Searches)
        {
            string? position = null;
            foreach (var page in search.Pages)
            {
                var (found, next) = await ReadAsync(index, search, position);
                found.Should().Equal(page.Names.Select(name => described[name]), "of '{0}'", search.Query);
                (next is null).Should().Be(page.Continuation is null, "of '{0}' after '{1}'", search.Query, LastOf(page));
                position = next;
            }
        }
    }

    // A page may be short where a provider bounds its work (contract 5.5): the rest is behind its continuation.
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

    private static string LastOf(OldPage page) => page.Names.Count == 0 ? "" : page.Names[^1];

    // SQLite compares by UTF-16 code units in a file of that encoding, which a predecessor may have left.
    private static async Task ShouldFindAsync(IRegistryIndex index, string query, IEnumerable<Repository> all, bool isUtf16)
    {
        var parsed = SearchQuery.Parse(query);
        var expected = all.Where(repository => parsed.Rank(repository) is not null).OrderBy(repository => parsed.Rank(repository)!.Value);
        var (found, next) = await ReadAsync(index, new(query, SearchRequest.MaxLimit, []), null);
        if (isUtf16)
            found.Should().BeEquivalentTo(expected, "of '{0}'", query);
        else
            found.Should().Equal(expected.Take(SearchRequest.MaxLimit), "of '{0}'", query);
        (next is null).Should().Be(expected.Count() <= SearchRequest.MaxLimit);
    }
}
