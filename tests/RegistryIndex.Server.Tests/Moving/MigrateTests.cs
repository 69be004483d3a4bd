using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;
using RegistryIndex.Testing.PostgreSql;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Moving;

/// <summary>The commands migrate and verify as they are typed, between real stores.</summary>
public sealed partial class MigrateTests : MoveTest
{
    [Fact]
    public async Task From_a_legacy_database_to_DynamoDB_and_back_everything_is_the_same_and_the_source_as_it_was()
    {
        Repository[] repositories = [.. Enumerable.Range(0, 1_500).Select(i => new Repository($"team{i % 7}/App-{i:d4}"))];
        var legacy = await MakeLegacyDatabaseAsync(repositories);
        var before = await File.ReadAllBytesAsync(Path.Combine(Directory, "legacy.db"), Stop);
        var dynamo = Dynamo(NewPrefix());

        var dryRun = await DoAsync("migrate", "--from", legacy, "--to", dynamo, "--dry-run", "--max-write-units", "1000");
        dryRun.Stdout.Should().MatchRegex(@"1,500 repositories would be written, 0 refused\.").And.MatchRegex(@"[\d,]+ items, [\d,]+ write units: 0\.0[12] US dollars").And.Contain("At 1,000 write units a second that takes 00:00:");
        (await RunAsync("verify", "--from", dynamo, "--to", legacy)).Should().Match<ProcessResult>(result => result.ExitCode == 2 && result.Stderr.Contains("there is no index"), "a dry run creates nothing");

        var there = await DoAsync("migrate", "--from", legacy, "--to", dynamo);
        there.Stderr.Should().Contain("1,500 added").And.Contain("write units in");
        await ShouldBeEqualAsync(legacy, dynamo, 1_500);
        (await DoAsync("migrate", "--from", legacy, "--to", dynamo)).Stderr.Should().Contain("1,500 unchanged").And.Contain("There was nothing to do.").And.MatchRegex(@" [23]\.0 write units", "the mark is all that was written").And.NotContain("Going on");

        await DoAsync("migrate", "--from", dynamo, "--to", Sqlite("back.db"));
        await ShouldBeEqualAsync(dynamo, Sqlite("back.db"), 1_500);
        await ShouldBeEqualAsync(legacy, Sqlite("back.db"), 1_500);
        (await File.ReadAllBytesAsync(Path.Combine(Directory, "legacy.db"), Stop)).AsSpan().SequenceEqual(before).Should().BeTrue("the source is only read");
        System.IO.Directory.GetFiles(Directory, "legacy.db-*").Should().BeEmpty();
    }

    [Fact]
    public async Task From_the_tables_of_the_Python_index_which_stay_as_they_were()
    {
        Repository[] repositories = [.. Enumerable.Range(0, 300).Select(i => new Repository($"team/app-{i:d3}", i % 3 == 0 ? null : $"Build {i} of the <app> & 日本語"))];
        var prefix = await MakeLegacyTablesAsync(repositories);
        var before = await TablesAsync(prefix, "repository", "version");
        await DoAsync("migrate", "--from", Dynamo(prefix), "--to", Sqlite());
        await ShouldBeEqualAsync(Dynamo(prefix), Sqlite(), 300);
        (await TablesAsync(prefix, "repository", "version")).Should().Equal(before);
        using var client = new FaultyDynamoDb(Endpoint);
        await FluentActions.Awaiting(() => client.DescribeTableAsync($"{prefix}-search", Stop)).Should().ThrowAsync<ResourceNotFoundException>();
        var export = await DoAsync("export", "--database", Sqlite());
        export.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("name").GetString())
            .Should().Equal(repositories.Select(repository => repository.Name));
    }

    [Fact]
    public async Task To_PostgreSQL_and_back()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyNot is not null && !PostgreSqlServer.IsRequired, PostgreSqlServer.WhyNot ?? "");
        var server = await PostgreSqlServer.GetAsync();
        var database = $"move_{Guid.NewGuid():n}";
        var login = $"{PostgreSqlServer.User}:{Uri.EscapeDataString(PostgreSqlServer.Password)}@{server.Host}:{server.Port}";
        await using (var connection = new NpgsqlConnection($"Host={server.Host};Port={server.Port};Username={PostgreSqlServer.User};Password={PostgreSqlServer.Password};Database=postgres"))
        {
            await connection.OpenAsync(Stop);
            await using var create = new NpgsqlCommand($"CREATE DATABASE {database}", connection);
            await create.ExecuteNonQueryAsync(Stop);
        }

        var legacy = await MakeLegacyDatabaseAsync(Enumerable.Range(0, 500).Select(i => new Repository($"team/App-{i}", i % 2 == 0 ? null : $"Größe {i}")));
        var postgreSql = $"postgresql://{login}/{database}";
        var there = await DoAsync("migrate", "--from", legacy, "--to", postgreSql);
        there.Stderr.Should().NotContain(PostgreSqlServer.Password);
        await ShouldBeEqualAsync(legacy, postgreSql, 500);
        await DoAsync("migrate", "--from", postgreSql, "--to", Sqlite("back.db"));
        await ShouldBeEqualAsync(postgreSql, Sqlite("back.db"), 500);
    }

    [Fact]
    public async Task From_a_file_and_flavor_to_a_backend_of_the_configuration_in_use()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory, "old.yml"), $"""
            dev:
              search_backend:
            prod:
              search_backend: sqlalchemy
              sqlalchemy_index_database: {Sqlite("old.db")}
            """, Stop);
        await RegistryIndexProcess.RunWithInputAsync("team/web\tA shop\n", "import", "-", "--database", Sqlite("old.db"));
        var file = Path.Combine(Directory, "old.yml");
        await DoAsync("migrate", "--from", $"{file}#prod", "--to", "efcore", "--database", Sqlite("new.db"));
        await ShouldBeEqualAsync($"{file}#prod", Sqlite("new.db"), 1);
        (await RunAsync("migrate", "--from", $"{file}#dev", "--to", "efcore", "--database", Sqlite("new.db"))).Stderr.Should().Contain("no index of its own");
        (await RunAsync("migrate", "--from", $"{file}#test", "--to", "efcore", "--database", Sqlite("new.db"))).ExitCode.Should().Be(2);
        (await RunAsync("migrate", "--from", Sqlite("new.db"), "--to", "efcore", "--database", Sqlite("new.db"))).Stderr.Should().Contain("are the same index");
    }

    [Fact]
    public async Task What_the_target_refuses_is_listed_with_the_reason_and_the_rest_is_moved()
    {
        Repository[] refused = [new("odd name!", "not in the grammar"), new("team/long", new string('x', 400))];
        var legacy = await MakeLegacyDatabaseAsync([.. Enumerable.Range(0, 200).Select(i => new Repository($"team/app-{i:d3}")), .. refused]);
        var file = Path.Combine(Directory, "refused.jsonl");
        var result = await RunAsync("migrate", "--from", legacy, "--to", Dynamo(NewPrefix()), "--refused", file);
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("200 added").And.Contain("2 refused").And.Contain(file);
        var lines = (await File.ReadAllLinesAsync(file, Stop)).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        lines.Select(line => line.GetProperty("name").GetString()).Should().BeEquivalentTo(refused.Select(repository => repository.Name));
        lines.Select(line => line.GetProperty("reason").GetString()).Should().Contain(reason => reason!.Contains("400 code points"));

        var named = await RunAsync("migrate", "--from", legacy, "--to", Sqlite());
        named.ExitCode.Should().Be(1);
        named.Stderr.Should().Contain("Refused: The repository name 'odd name!'").And.Contain("Refused: The description of 'team/long' has 400 code points");
        var verify = await RunAsync("verify", "--from", legacy, "--to", Sqlite(), "--searches", "0");
        verify.ExitCode.Should().Be(1);
        verify.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2).And.OnlyContain(line => line.StartsWith("{\"difference\":\"missing\",\"name\":"));
    }

    [Theory]
    [InlineData("missing/refused.jsonl")]
    [InlineData("from.db")]
    [InlineData("")]
    public async Task Where_what_is_refused_cannot_be_listed_no_target_is_made(string list)
    {
        await ImportAsync("from.db", "a/one\t\n");
        var result = await RunAsync("migrate", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"), "--refused", list.Length == 0 ? "" : Path.Combine(Directory, list));
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().Contain("--refused");
        File.Exists(Path.Combine(Directory, "to.db")).Should().BeFalse();
    }

    [Fact]
    public async Task A_target_that_holds_other_data_is_refused_unless_it_is_to_be_merged()
    {
        await ImportAsync("from.db", "a/same\tsame\na/other\told\nb/new\tnew\n");
        await ImportAsync("to.db", "a/same\tsame\na/other\tkept\nz/only-here\tmine\n");
        var refused = await RunAsync("migrate", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"));
        refused.ExitCode.Should().Be(1);
        refused.Stderr.Should().Contain("1 descriptions would be overwritten, and 1 repositories are only in the target").And.Contain("a/other says 'kept' and would say 'old'").And.Contain("z/only-here").And.Contain("--merge");
        (await DoAsync("export", "-f", "tsv", "--database", Sqlite("to.db"))).Stdout.Should().Be("a/other\tkept\na/same\tsame\nz/only-here\tmine\n");
        (await DoAsync("migrate", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"), "--dry-run")).Stdout.Should().Contain("holds other data");

        await DoAsync("migrate", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"), "--merge");
        (await DoAsync("export", "-f", "tsv", "--database", Sqlite("to.db"))).Stdout.Should().Be("a/other\told\na/same\tsame\nb/new\tnew\nz/only-here\tmine\n");
        var verify = await RunAsync("verify", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"));
        verify.Stdout.Should().StartWith("{\"difference\":\"extra\",\"name\":\"z/only-here\",\"from\":null,\"to\":\"mine\"}").And.Contain("{\"difference\":\"search\",\"query\":\"\"");

        (await DoAsync("migrate", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"), "--merge", "--delete")).Stderr.Should().Contain("1 were deleted");
        await ShouldBeEqualAsync(Sqlite("from.db"), Sqlite("to.db"), 3);
    }

    [Fact]
    public async Task A_source_that_holds_nothing_deletes_nothing()
    {
        await ImportAsync("to.db", "a/one\t\n");
        await ImportAsync("empty.db", "");
        var result = await RunAsync("migrate", "--from", Sqlite("empty.db"), "--to", Sqlite("to.db"), "--merge", "--delete");
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("holds nothing, so nothing is deleted");
        (await DoAsync("export", "-f", "tsv", "--database", Sqlite("to.db"))).Stdout.Should().Be("a/one\n");
    }

    [Theory]
    [InlineData("", "a side is empty")]
    [InlineData("nowhere", "no known backend")]
    [InlineData("dynamodb://", "names no tables")]
    [InlineData("dynamodb://x?secret=y", "has 'secret', which is not understood")]
    [InlineData("mysql://me:secret@db/index", "mysql")]
    [InlineData("mirror", "a mirror cannot be a side")]
    [InlineData("nowhere.yml#prod", "nowhere.yml' cannot be read: there is no such file.")]
    public async Task A_side_that_is_none_is_one_sentence(string side, string sentence)
    {
        var result = await RunAsync("migrate", "--from", side, "--to", Sqlite());
        result.ExitCode.Should().Be(2, result.Stderr);
        result.Stderr.Should().Contain(sentence).And.NotContain("   at ").And.NotContain("secret@");
    }

    [Fact]
    public async Task A_target_that_bills_nothing_cannot_be_throttled()
    {
        await ImportAsync("from.db", "a/one\t\n");
        var result = await RunAsync("migrate", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"), "--max-write-units", "10");
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().Contain("is for a target in DynamoDB");
        (await RunAsync("migrate", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"), "--max-write-units", "0")).ExitCode.Should().Be(2);
        File.Exists(Path.Combine(Directory, "to.db")).Should().BeFalse();
    }

    [Fact]
    public async Task What_is_refused_as_a_target_stays_as_it_is()
    {
        var legacy = await MakeLegacyDatabaseAsync([new("team/web", "of old")]);
        var before = await File.ReadAllBytesAsync(Path.Combine(Directory, "legacy.db"), Stop);
        await ImportAsync("from.db", "team/web\tnew\n");
        (await RunAsync("migrate", "--from", legacy, "--to", legacy)).Stderr.Should().Contain("are the same index");
        (await RunAsync("migrate", "--from", Sqlite("from.db"), "--to", legacy)).Stderr.Should().Contain("team/web says 'of old' and would say 'new'");
        (await File.ReadAllBytesAsync(Path.Combine(Directory, "legacy.db"), Stop)).AsSpan().SequenceEqual(before).Should().BeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupted_one_goes_on_where_the_target_says_that_it_was_and_says_what_a_mirror_makes_of_that(bool isMirrored)
    {
        const string Hint = "An earlier run was interrupted";
        var legacy = await MakeLegacyDatabaseAsync(Enumerable.Range(0, 300).Select(i => new Repository($"team/app-{i:d3}")));
        await DoAsync("migrate", "--from", legacy, "--to", Sqlite());
        await ExecuteAsync("UPDATE registry_index_state SET value = json_set(value, '$.after', 'team/app-199', '$.moved', 200, '$.isDone', json('false')) WHERE name LIKE '%migration'");
        if (isMirrored)
            await ExecuteAsync("INSERT INTO registry_index_state (name, value) SELECT replace(name, 'migration', 'mirror'), 'once' FROM registry_index_state WHERE name LIKE '%migration'");

        var second = (await DoAsync("migrate", "--from", legacy, "--to", Sqlite())).Stderr;
        second.Should().Contain("Going on where an earlier migration was: 200 repositories are moved.").And.Contain("300 repositories, 200 of them by an earlier run: 0 added, 0 updated, 100 unchanged");
        second.Contains(Hint, StringComparison.Ordinal).Should().Be(isMirrored);
        (await DoAsync("migrate", "--from", legacy, "--to", Sqlite())).Stderr.Should().Contain("300 unchanged").And.NotContain("Going on").And.NotContain(Hint);

        async Task ExecuteAsync(string statement)
        {
            await using var connection = new SqliteConnection($"Data Source={Path.Combine(Directory, "index.db")};Pooling=False");
            await connection.OpenAsync(Stop);
            await using var command = connection.CreateCommand();
            command.CommandText = statement;
            (await command.ExecuteNonQueryAsync(Stop)).Should().Be(1);
        }
    }

    [Fact]
    public async Task Interrupted_it_says_how_to_go_on_and_the_next_run_goes_on_and_counts_on()
    {
        const int Rows = 100_000;
        var legacy = await MakeLegacyDatabaseAsync(Enumerable.Range(0, Rows).Select(i => new Repository($"team/app-{i:d6}")));
        var (log, file) = ("", "");
        for (var tries = 0; !log.Contains("Interrupted", StringComparison.Ordinal); tries++)
        {
            file = $"to-{tries}.db"; // where all is moved before we come to stop it, it is done again
            await using var process = RegistryIndexProcess.Start(["migrate", "--from", legacy, "--to", Sqlite(file), "--set", "registry_password=hush-hush"]);
            await HoldWriterAsync(Path.Combine(Directory, file), async () => (await process.StopAsync()).Should().BeOneOf(0, 130));
            log = process.Log;
        }

        log.Should().MatchRegex(@"Interrupted; [1-9][\d,]* repositories are moved, and stay\. The same command goes on there: registry-index migrate --from ")
            .And.Contain($" --to {Sqlite(file)} --set 'registry_password=***'").And.NotContain("hush-hush").And.NotContain("   at ");
        var moved = Interrupted().Match(log).Groups[1].Value;
        var again = (await DoAsync("migrate", "--from", legacy, "--to", Sqlite(file))).Stderr;
        again.Should().Contain($"Going on where an earlier migration was: {moved} repositories are moved.").And.Contain($"100,000 repositories, {moved} of them by an earlier run: ");
        await ShouldBeEqualAsync(legacy, Sqlite(file), Rows);
    }

    // Once something is there, nobody else writes, until the process ends; it asks for the lock again and again.
    private static async Task HoldWriterAsync(string file, Func<Task> meanwhile)
    {
        await Eventually.BeAsync(() => File.Exists(file) && new FileInfo(file).Length > 0);
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=600");
        await connection.OpenAsync(Stop);
        await Eventually.BeAsync(async () => await ExecuteAsync("SELECT count(*) FROM sqlite_master WHERE name = 'registry_index_text'") > 0
            && await ExecuteAsync("SELECT count(*) FROM registry_index_text") > 0);
        await ExecuteAsync("BEGIN IMMEDIATE");
        var ending = meanwhile();
        await Task.WhenAny(ending, Task.Delay(2_000, Stop)); // it hears of it while it waits for the lock, and then remembers its place
        await ExecuteAsync("ROLLBACK");
        await ending;

        async Task<long> ExecuteAsync(string statement)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = statement;
            return await command.ExecuteScalarAsync(Stop) as long? ?? 0;
        }
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"Interrupted; ([\d,]+) repositories")]
    private static partial System.Text.RegularExpressions.Regex Interrupted();

    [Fact]
    public async Task Killed_at_twenty_moments_it_goes_on_and_leaves_no_duplicate_and_no_orphan()
    {
        const int Rows = 5_000;
        var legacy = await MakeLegacyDatabaseAsync(Enumerable.Range(0, Rows).Select(i => new Repository($"t{i % 7}/a{i:d4}")));
        var prefix = NewPrefix();
        await using var proxy = await DynamoDbProxy.StartAsync(Endpoint);
        string[] migrate = ["migrate", "--from", legacy, "--to", $"dynamodb://{prefix}?region=us-east-1&endpoint={proxy.Endpoint}", .. Keys];
        var random = new Random(20);
        for (var kills = 0; kills < 20; kills++)
        {
            var isHeld = proxy.HoldAfterAsync(writes: random.Next(1, 400));
            await using var process = RegistryIndexProcess.Start(migrate);
            await process.WaitForAsync(isHeld);
            await process.KillAsync();
        }

        (await DoAsync("migrate", "--from", legacy, "--to", Dynamo(prefix))).Stderr.Should().NotContain("5,000 added", "what was moved before a kill is not moved again");
        await ShouldBeEqualAsync(legacy, Dynamo(prefix), Rows);
        await SweepAsync(prefix);
        var postings = await TablesAsync(prefix, "search");
        var expected = Enumerable.Range(0, Rows).Sum(i => DynamoDb.DynamoDbCost.Of(new Repository($"t{i % 7}/a{i:d4}")).Items - 1);
        postings.Should().OnlyHaveUniqueItems().And.HaveCount((int)expected, "each repository has its postings, and there is none besides");
    }

    private async Task SweepAsync(string prefix)
    {
        var settings = new Dictionary<string, string?> { ["search_backend"] = "dynamodb" };
        foreach (var (key, value) in new[] { ("database", prefix), ("endpoint", Endpoint), ("access_key", "test"), ("secret_access_key", "test") })
            settings["extensions:dynamodb_index:" + key] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var client = new FaultyDynamoDb(Endpoint, new Later(TimeSpan.FromHours(3)));
        await using var services = new ServiceCollection().AddLogging().AddSingleton<IAmazonDynamoDB>(client).AddRegistryIndex(configuration).BuildServiceProvider();
        await services.GetRequiredService<IRegistryIndex>().InitializeAsync(Stop);
        await services.GetRequiredService<DynamoDb.DynamoDbMaintenance>().SweepAsync(cancellationToken: Stop);
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    private async Task ImportAsync(string file, string rows) =>
        (await RegistryIndexProcess.RunWithInputAsync(rows, "import", "-", "--database", Sqlite(file))).ExitCode.Should().Be(0);
}
