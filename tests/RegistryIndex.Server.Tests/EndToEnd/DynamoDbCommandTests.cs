using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.Server.Tests.Upgrading;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary>The commands and the server on a real DynamoDB Local. Only the setting of the provider differs.</summary>
public sealed partial class DynamoDbCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _database = $"test-{Guid.NewGuid():n}";
    private string _endpoint = "";

    public async ValueTask InitializeAsync()
    {
        var server = await DynamoDbServer.GetAsync();
        if (server.Endpoint is null && !DynamoDbServer.IsRequired)
            Assert.Skip(server.WhyNot!);
        _endpoint = server.Endpoint ?? throw new InvalidOperationException(server.WhyNot);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_commands_work_on_DynamoDB_and_report_their_cost()
    {
        var import = await RegistryIndexProcess.RunWithInputAsync("team/shop/web\tThe front end\nteam/api\tBehind the shop\n", ["import", "-", "--cost", .. Arguments()]);
        import.ExitCode.Should().Be(0, import.Stderr);
        import.Stderr.Should().Contain("2 added").And.MatchRegex(@"Cost: [\d.]+ read units and [1-9][\d.]* write units in \d+ requests");

        var search = await RegistryIndexProcess.RunAsync(["search", "shop", "--cost", .. Arguments()]);
        search.Stdout.Should().Be("team/shop/web\tThe front end\nteam/api\tBehind the shop\n");
        search.Stderr.Should().MatchRegex(@"Cost: [\d.]+ read units and 0\.0 write units in 4 requests");

        (await RegistryIndexProcess.RunAsync(["sweep", "--dry-run", .. Arguments()])).Stdout.Should().Contain("0 orphans found");
        (await RegistryIndexProcess.RunAsync(["rebuild", .. Arguments()])).Stdout.Should().Contain("2 repositories have their postings");
        (await RegistryIndexProcess.RunAsync(["status", .. Arguments()])).Stdout.Should().Contain("backend       dynamodb").And.Contain("repositories  2");
        (await RegistryIndexProcess.RunAsync(["sweep", "--grace", "1", .. Arguments()])).Should().Match<ProcessResult>(result => result.ExitCode == 2 && result.Stderr.Contains("whole number from 15 to"));
    }

    [Fact]
    public async Task The_conformance_kit_passes_in_scratch_tables_and_deletes_them()
    {
        (await RegistryIndexProcess.RunWithInputAsync("team/app\tmine\n", ["import", "-", .. Arguments()])).ExitCode.Should().Be(0);
        string[] cases = ["a-long-list-is-whole", "writers-in-several-processes-agree-at-rest", "a-long-import-is-whole", "an-upsert-says-what-it-did"];
        var result = await RegistryIndexProcess.RunAsync(["conformance", .. cases.SelectMany(one => new[] { "--case", one }), .. Arguments()]);
        result.ExitCode.Should().Be(0, result.Stdout + result.Stderr);
        result.Stdout.Should().Contain("dynamodb: 4 passed.");
        result.Stderr.Should().Contain($"such as {_database}-registry_index_scratch_");
        (await RegistryIndexProcess.RunAsync(["export", "-f", "tsv", .. Arguments()])).Stdout.Should().Be("team/app\tmine\n");
        (await TablesAsync()).Should().BeEquivalentTo($"{_database}-repository", $"{_database}-version", $"{_database}-search");
    }

    [Fact]
    public async Task An_interrupted_conformance_kit_deletes_its_tables()
    {
        await using var process = RegistryIndexProcess.Start(["conformance", .. Arguments()]);
        await Eventually.BeAsync(async () => await TablesAsync() is not []);
        (await process.StopAsync()).Should().Be(130, process.Log);
        (await TablesAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Every_command_reports_a_lost_table_and_rebuild_creates_it_on_request()
    {
        (await RegistryIndexProcess.RunWithInputAsync("team/shop/web\tThe front end\nteam/api\tBehind the shop\n", ["import", "-", .. Arguments()])).ExitCode.Should().Be(0);
        using var client = new FaultyDynamoDb(_endpoint);
        await client.DeleteTableAsync($"{_database}-search", TestContext.Current.CancellationToken);
        foreach (var command in new[] { "search web", "status", "rebuild", "sweep --dry-run", "export" })
        {
            var refused = await RegistryIndexProcess.RunAsync([.. command.Split(' '), .. Arguments()]);
            refused.ExitCode.Should().Be(1, command);
            refused.Stderr.Should().Contain($"the table '{_database}-search' is lost: it does not exist at {_endpoint}, and the table '{_database}-version' says that it existed; "
                + "restore it from a backup, or run `registry-index rebuild --create`, which recreates it from the repositories.", command);
        }

        (await TablesAsync()).Should().BeEquivalentTo($"{_database}-repository", $"{_database}-version");
        var rebuild = await RegistryIndexProcess.RunAsync(["rebuild", "--create", .. Arguments()]);
        rebuild.ExitCode.Should().Be(0, rebuild.Stderr);
        rebuild.Stderr.Should().Contain($"Created the table {_database}-search, which did not exist.");
        (await RegistryIndexProcess.RunAsync(["search", "shop", .. Arguments()])).Stdout.Should().Be("team/shop/web\tThe front end\nteam/api\tBehind the shop\n");
    }

    [Fact]
    public async Task A_server_without_its_search_table_is_not_ready_until_the_table_is_back()
    {
        (await RegistryIndexProcess.RunWithInputAsync("team/shop/web\tThe front end\nteam/api\tBehind the shop\n", ["import", "-", .. Arguments()])).ExitCode.Should().Be(0);
        await using var server = await RegistryIndexProcess.ServeAsync(Arguments());
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        await Eventually.BeAsync(async () => await StatusOfAsync("/readyz") == HttpStatusCode.OK);
        using var client = new FaultyDynamoDb(_endpoint);
        await client.DeleteTableAsync($"{_database}-search", TestContext.Current.CancellationToken);

        (await StatusOfAsync("/v1/search?q=shop")).Should().BeOneOf(HttpStatusCode.InternalServerError, HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable);
        (await StatusOfAsync("/readyz")).Should().Be(HttpStatusCode.ServiceUnavailable);
        await server.WaitForAsync($"the table '{_database}-search' is lost: ");
        (await RegistryIndexProcess.RunAsync(["rebuild", "--create", .. Arguments()])).ExitCode.Should().Be(0);
        (await StatusOfAsync("/readyz")).Should().Be(HttpStatusCode.OK);
        (await http.GetStringAsync("/v1/search?q=shop")).Should().Contain("team/shop/web").And.Contain("team/api");

        async Task<HttpStatusCode> StatusOfAsync(string path)
        {
            using var answer = await http.GetAsync(path);
            return answer.StatusCode;
        }
    }

    [Theory]
    [MemberData(nameof(OldIndex.OwnInDynamoDb), MemberType = typeof(OldIndex))]
    public async Task A_sweep_after_the_loss_of_the_repositories_removes_nothing_without_force(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name); // its postings are old enough
        await old.OpenAsync();
        using var client = new FaultyDynamoDb(_endpoint);
        var table = $"{old.Side.Split('/', '?')[2]}-repository";
        foreach (var row in (await client.ScanAsync(new ScanRequest { TableName = table }, TestContext.Current.CancellationToken)).Items)
            await client.DeleteItemAsync(table, new() { ["name"] = row["name"] }, TestContext.Current.CancellationToken);

        var sweep = await old.RunAsync("sweep");
        sweep.ExitCode.Should().Be(1);
        sweep.Stdout.Should().Contain(" orphans withheld.");
        sweep.Stderr.Should().Contain("more than the 20 % that a sweep removes at once, so they stay.").And.Contain("`registry-index sweep --force`");
        (await old.RunAsync("sweep", "--dry-run")).Should().Match<ProcessResult>(result => result.ExitCode == 1 && result.Stdout.Contains(" orphans found."));
        var forced = await old.RunAsync("sweep", "--force");
        forced.ExitCode.Should().Be(0, forced.Stderr);
        forced.Stdout.Should().Contain(" orphans removed.");
        (await old.ReadTablesAsync()).Should().NotContain(item => item.StartsWith("search ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sweep_of_another_provider_is_a_mistake()
    {
        var result = await RegistryIndexProcess.RunAsync("sweep", "--database", $"sqlite:///{_directory.Path}/index.db");
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().Contain("sweep is only for an index in DynamoDB, but search_backend is 'sqlalchemy'");
    }

    [Theory]
    [InlineData("region", "nowhere", "region 'nowhere'")]
    [InlineData("version_table", "same-repository", "repository_table and version_table are both 'same-repository'")]
    [InlineData("endpoint", "ftp://x", "endpoint 'ftp://x'")]
    [InlineData("access_key", "onlyone", "must both be set")]
    [InlineData("max_read_units", "99999999999", "max_read_units is '99999999999' (command line), and must be a smaller whole number, such as 0.")]
    [InlineData("max_write_units", "-99999999999", "and must be a larger whole number, such as 0.")]
    [InlineData("max_read_units", "1000001", "max_read_units is 1000001, and must be 0 (without limit) to 1000000 units a second")]
    [InlineData("tags", "a;b", "tags has 'a' and 'b', which are not tags: write them as name=value with ';' between them")]
    [InlineData("tags", "team=a,b", "tags has a value for 'team' with characters that AWS does not allow")]
    public async Task A_wrong_setting_is_one_sentence(string key, string value, string sentence)
    {
        var result = await RegistryIndexProcess.RunAsync("status", "--search-backend", "dynamodb", "--set", "extensions:dynamodb_index:database=same", "--set", $"extensions:dynamodb_index:{key}={value}");
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().Contain(sentence).And.NotContain("   at ");
    }

    [Fact]
    public async Task An_endpoint_that_does_not_answer_is_one_sentence()
    {
        var result = await RegistryIndexProcess.RunAsync(
            "status", "--search-backend", "dynamodb", "--set", "extensions:dynamodb_index:endpoint=http://127.0.0.1:1", "--set", "extensions:dynamodb_index:retry_timeout=1",
            "--set", "extensions:dynamodb_index:access_key=test", "--set", "extensions:dynamodb_index:secret_access_key=test");
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("http://127.0.0.1:1 did not answer").And.NotContain("   at ");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task One_of_several_servers_started_at_once_without_tables_loads(int count)
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => RegistryIndexProcess.ServeAsync([.. Arguments(), "--storage-path", Checkout.PathOf("samples", "registry")])));
        try
        {
            await Task.WhenAny(servers.Select(server => server.WaitForAsync("Loaded: ")));
            foreach (var server in servers)
            {
                (await server.StopAsync()).Should().Be(0, "of {0}", server.Log);
                server.Log.Should().NotContain("fail:").And.NotContain("Exception");
            }

            servers.SelectMany(server => Added().Matches(server.Log)).Sum(match => int.Parse(match.Groups[1].Value)).Should().Be(42);
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }

        (await RegistryIndexProcess.RunAsync(["search", "web", .. Arguments()])).Stdout.Should().StartWith("team/shop/web\t");
    }

    [Fact]
    public async Task An_import_killed_repeatedly_is_complete_after_the_last_run()
    {
        var (rows, times, writes) = SlowTests.IsWanted ? (5_000, 20, 400) : (2_000, 6, 200);
        var file = Path.Combine(_directory.Path, "rows.tsv");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, rows).Select(i => $"team/app-{i:d4}\tbuild {i}"));
        string[] import = ["import", file, .. Arguments()];
        await using var proxy = await DynamoDbProxy.StartAsync(_endpoint);
        var random = new Random(5);
        for (var kills = 0; kills < times; kills++)
        {
            var isHeld = proxy.HoldAfterAsync(random.Next(1, writes));
            await using var process = RegistryIndexProcess.Start([.. import, "--set", $"extensions:dynamodb_index:endpoint={proxy.Endpoint}"]);
            await process.WaitForAsync(isHeld);
            await process.KillAsync();
        }

        var last = await RegistryIndexProcess.RunAsync(import);
        last.ExitCode.Should().Be(0, last.Stderr);
        (await RegistryIndexProcess.RunAsync(import)).Stderr.Should().Contain(string.Create(CultureInfo.InvariantCulture, $"0 added, 0 updated, {rows:n0} unchanged"));

        var exported = (await RegistryIndexProcess.RunAsync(["export", "-f", "tsv", .. Arguments()])).Stdout;
        exported.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal(await File.ReadAllLinesAsync(file));
        var found = (await RegistryIndexProcess.RunAsync(["search", "1234", "-n", "100", .. Arguments()])).Stdout;
        found.Should().Be("team/app-1234\tbuild 1234\n");
        var all = (await RegistryIndexProcess.RunAsync(["search", "build", "-n", "6000", .. Arguments()])).Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        all.Should().HaveCount(rows).And.OnlyHaveUniqueItems();
    }

    private async Task<List<string>> TablesAsync()
    {
        using var client = new FaultyDynamoDb(_endpoint);
        var tables = await client.Paginators.ListTables(new() { ExclusiveStartTableName = _database }).TableNames.ToListAsync(TestContext.Current.CancellationToken);
        return tables.FindAll(table => table.StartsWith(_database, StringComparison.Ordinal));
    }

    private string[] Arguments() =>
    [
        "--search-backend", "dynamodb", "--set", $"extensions:dynamodb_index:endpoint={_endpoint}", "--set", $"extensions:dynamodb_index:database={_database}",
        "--set", "extensions:dynamodb_index:access_key=test", "--set", "extensions:dynamodb_index:secret_access_key=test",
    ];

    [GeneratedRegex(@"Loaded: (\d+) added")]
    private static partial Regex Added();
}
