using System.Globalization;
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

/// <summary>The commands migrate and verify, between real stores.</summary>
public sealed partial class MigrateTests : MoveTest
{
    [Fact]
    public async Task A_migration_from_a_legacy_database_to_DynamoDB_and_back_keeps_everything()
    {
        Repository[] repositories = [.. Enumerable.Range(0, 1_500).Select(i => new Repository($"team{i % 7}/App-{i:d4}"))];
        var legacy = await MakeLegacyDatabaseAsync(repositories);
        var before = await File.ReadAllBytesAsync(Path.Combine(Directory, "legacy.db"), Stop);
        var dynamo = Dynamo(NewPrefix());

        var dryRun = await DoAsync("migrate", "--from", legacy, "--to", dynamo, "--dry-run", "--max-write-units", "1000");
        dryRun.Stdout.Should().MatchRegex(@"1,500 repositories would be written, 0 refused\.").And.MatchRegex(@"[\d,]+ items, [\d,]+ write units: 0\.0[12] US dollars").And.Contain("At 1,000 write units a second that takes 00:00:");
        (await RunAsync("verify", "--from", dynamo, "--to", legacy)).Should().Match<ProcessResult>(result => result.ExitCode == 2 && result.Stderr.Contains("does not exist; name an existing one"), "a dry run creates nothing");

        var there = await DoAsync("migrate", "--from", legacy, "--to", dynamo);
        there.Stderr.Should().Contain("1,500 added").And.Contain("write units in");
        await ShouldBeEqualAsync(legacy, dynamo, 1_500);
        (await DoAsync("migrate", "--from", legacy, "--to", dynamo)).Stderr.Should().Contain("1,500 unchanged").And.Contain("Nothing to do.").And.MatchRegex(@" [23]\.0 write units", "only the mark was written").And.NotContain("Continuing");

        await DoAsync("migrate", "--from", dynamo, "--to", Sqlite("back.db"));
        await ShouldBeEqualAsync(dynamo, Sqlite("back.db"), 1_500);
        await ShouldBeEqualAsync(legacy, Sqlite("back.db"), 1_500);
        (await File.ReadAllBytesAsync(Path.Combine(Directory, "legacy.db"), Stop)).AsSpan().SequenceEqual(before).Should().BeTrue("the source is only read");
        System.IO.Directory.GetFiles(Directory, "legacy.db-*").Should().BeEmpty();
    }

    [Fact]
    public async Task A_migration_from_the_Python_indexs_tables_does_not_change_them()
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
    public async Task A_migration_to_PostgreSQL_and_back_keeps_everything()
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
    public async Task A_migration_from_a_file_and_flavor_to_a_provider_of_the_current_configuration_works()
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
        (await RunAsync("migrate", "--from", $"{file}#dev", "--to", "efcore", "--database", Sqlite("new.db"))).Stderr.Should().Contain("which is not an index itself");
        (await RunAsync("migrate", "--from", $"{file}#test", "--to", "efcore", "--database", Sqlite("new.db"))).ExitCode.Should().Be(2);
        (await RunAsync("migrate", "--from", Sqlite("new.db"), "--to", "efcore", "--database", Sqlite("new.db"))).Stderr.Should().Contain("are the same index");
    }

    [Fact]
    public async Task Refused_repositories_are_listed_with_the_reason_and_the_rest_is_migrated()
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
    public async Task If_the_list_of_refused_repositories_cannot_be_written_no_target_is_created(string list)
    {
        await ImportAsync("from.db", "a/one\t\n");
        var result = await RunAsync("migrate", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"), "--refused", list.Length == 0 ? "" : Path.Combine(Directory, list));
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().Contain("--refused");
        File.Exists(Path.Combine(Directory, "to.db")).Should().BeFalse();
    }

    [Fact]
    public async Task A_target_with_other_data_is_refused_without_the_option_to_merge()
    {
        await ImportAsync("from.db", "a/same\tsame\na/other\told\nb/new\tnew\n");
        await ImportAsync("to.db", "a/same\tsame\na/other\tkept\nz/only-here\tmine\n");
        var refused = await RunAsync("migrate", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"));
        refused.ExitCode.Should().Be(1);
        refused.Stderr.Should().Contain("1 descriptions or facts would be overwritten, and 1 repositories are only in the target").And.Contain("a/other says 'kept' and would say 'old'").And.Contain("z/only-here").And.Contain("--merge");
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
    public async Task An_empty_source_deletes_nothing()
    {
        await ImportAsync("to.db", "a/one\t\n");
        await ImportAsync("empty.db", "");
        var result = await RunAsync("migrate", "--from", Sqlite("empty.db"), "--to", Sqlite("to.db"), "--merge", "--delete");
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("is empty, so nothing is deleted");
        (await DoAsync("export", "-f", "tsv", "--database", Sqlite("to.db"))).Stdout.Should().Be("a/one\n");
    }

    [Theory]
    [InlineData("", "--from or --to is empty")]
    [InlineData("nowhere", "neither a known provider")]
    [InlineData("dynamodb://", "does not name tables")]
    [InlineData("dynamodb://x?secret=y", "has 'secret', which is unknown")]
    [InlineData("mysql://me:secret@db/index", "mysql")]
    [InlineData("mirror", "a mirror cannot be migrated or compared")]
    [InlineData("nowhere.yml#prod", "nowhere.yml' cannot be read: the file does not exist.")]
    public async Task An_invalid_source_or_target_is_one_sentence(string side, string sentence)
    {
        var result = await RunAsync("migrate", "--from", side, "--to", Sqlite());
        result.ExitCode.Should().Be(2, result.Stderr);
        result.Stderr.Should().Contain(sentence).And.NotContain("   at ").And.NotContain("secret@");
    }

    [Fact]
    public async Task A_write_limit_for_a_target_without_billing_is_a_mistake()
    {
        await ImportAsync("from.db", "a/one\t\n");
        var result = await RunAsync("migrate", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"), "--max-write-units", "10");
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().Contain("is for a target in DynamoDB");
        (await RunAsync("migrate", "--from", Sqlite("from.db"), "--to", Sqlite("to.db"), "--max-write-units", "0")).ExitCode.Should().Be(2);
        File.Exists(Path.Combine(Directory, "to.db")).Should().BeFalse();
    }

    [Fact]
    public async Task A_refused_target_is_not_changed()
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
    public async Task An_interrupted_migration_continues_from_the_position_stored_in_the_target(bool isMirrored)
    {
        const string Hint = "An earlier run was interrupted";
        var legacy = await MakeLegacyDatabaseAsync(Enumerable.Range(0, 300).Select(i => new Repository($"team/app-{i:d3}")));
        await DoAsync("migrate", "--from", legacy, "--to", Sqlite());
        await ExecuteAsync("UPDATE registry_index_state SET value = json_set(value, '$.after', 'team/app-199', '$.moved', 200, '$.isDone', json('false')) WHERE name LIKE '%migration'");
        if (isMirrored)
            await ExecuteAsync("INSERT INTO registry_index_state (name, value) SELECT replace(name, 'migration', 'mirror'), 'once' FROM registry_index_state WHERE name LIKE '%migration'");

        var second = (await DoAsync("migrate", "--from", legacy, "--to", Sqlite())).Stderr;
        second.Should().Contain("Continuing an earlier migration: 200 repositories are migrated.").And.Contain("300 repositories, 200 of them by an earlier run: 0 added, 0 updated, 100 unchanged");
        second.Contains(Hint, StringComparison.Ordinal).Should().Be(isMirrored);
        (await DoAsync("migrate", "--from", legacy, "--to", Sqlite())).Stderr.Should().Contain("300 unchanged").And.NotContain("Continuing").And.NotContain(Hint);

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
    public async Task An_interrupted_migration_says_how_to_continue_and_the_next_run_continues_its_count()
    {
        const int Rows = 100_000;
        var legacy = await MakeLegacyDatabaseAsync(Enumerable.Range(0, Rows).Select(i => new Repository($"team/app-{i:d6}")));
        var (log, file) = ("", "");
        for (var tries = 0; Interrupted().Match(log) is not { Success: true, Groups: [_, { Value: not "0" }] }; tries++)
        {
            file = $"to-{tries}.db"; // if all is migrated before the test stops the run, or nothing is confirmed yet, the test repeats it
            await using var process = RegistryIndexProcess.Start(["migrate", "--from", legacy, "--to", Sqlite(file), "--set", "registry_password=hush-hush"]);
            await HoldWriterAsync(Path.Combine(Directory, file), Rows / 5, async () => (await process.StopAsync()).Should().BeOneOf(0, 130));
            log = process.Log;
        }

        log.Should().MatchRegex(@"Interrupted; [1-9][\d,]* repositories are migrated, and stay\. The same command continues from there: registry-index migrate --from ")
            .And.Contain($" --to {Sqlite(file)} --set 'registry_password=***'").And.NotContain("hush-hush").And.NotContain("   at ");
        var moved = Interrupted().Match(log).Groups[1].Value;
        var again = (await DoAsync("migrate", "--from", legacy, "--to", Sqlite(file))).Stderr;
        again.Should().Contain($"Continuing an earlier migration: {moved} repositories are migrated.").And.Contain($"100,000 repositories, {moved} of them by an earlier run: ");
        await ShouldBeEqualAsync(legacy, Sqlite(file), Rows);
    }

    // After so many rows are written, the test holds the write lock until the process ends. The process retries to get the lock.
    private static async Task HoldWriterAsync(string file, int rows, Func<Task> meanwhile)
    {
        await Eventually.BeAsync(() => File.Exists(file) && new FileInfo(file).Length > 0);
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=600");
        await connection.OpenAsync(Stop);
        await Eventually.BeAsync(async () => await ExecuteAsync("SELECT count(*) FROM sqlite_master WHERE name = 'registry_index_text'") > 0
            && await ExecuteAsync("SELECT count(*) FROM registry_index_text") >= rows);
        await ExecuteAsync("BEGIN IMMEDIATE");
        var ending = meanwhile();
        await Task.WhenAny(ending, Task.Delay(2_000, Stop)); // the process notices the signal while it waits for the lock, and then stores its position
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
    public async Task A_migration_killed_repeatedly_continues_without_duplicates_and_orphans()
    {
        var (rows, times, writes) = SlowTests.IsWanted ? (5_000, 20, 400) : (2_000, 6, 200);
        var legacy = await MakeLegacyDatabaseAsync(Enumerable.Range(0, rows).Select(i => new Repository($"t{i % 7}/a{i:d4}")));
        var prefix = NewPrefix();
        await using var proxy = await DynamoDbProxy.StartAsync(Endpoint);
        string[] migrate = ["migrate", "--from", legacy, "--to", $"dynamodb://{prefix}?region=us-east-1&endpoint={proxy.Endpoint}", .. Keys];
        var random = new Random(20);
        for (var kills = 0; kills < times; kills++)
        {
            var isHeld = proxy.HoldAfterAsync(random.Next(1, writes));
            await using var process = RegistryIndexProcess.Start(migrate);
            await process.WaitForAsync(isHeld);
            await process.KillAsync();
        }

        (await DoAsync("migrate", "--from", legacy, "--to", Dynamo(prefix))).Stderr.Should().NotContain(string.Create(CultureInfo.InvariantCulture, $"{rows:n0} added"), "rows migrated before a kill are not migrated again");
        await ShouldBeEqualAsync(legacy, Dynamo(prefix), rows);
        await SweepAsync(prefix);
        var postings = await TablesAsync(prefix, "search");
        var expected = Enumerable.Range(0, rows).Sum(i => DynamoDb.DynamoDbCost.Of(new Repository($"t{i % 7}/a{i:d4}")).Items - 1);
        postings.Should().OnlyHaveUniqueItems().And.HaveCount((int)expected, "each repository has its postings, and there are no others");
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
