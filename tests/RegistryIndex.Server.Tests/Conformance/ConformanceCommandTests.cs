using System.Text.Json.Nodes;
using System.Xml.Linq;
using RegistryIndex.Conformance;
using RegistryIndex.Testing;
using RegistryIndex.Testing.PostgreSql;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Conformance;

/// <summary>The real command with real providers: its report is right, it leaves nothing behind, and it does not touch other indexes.</summary>
public sealed class ConformanceCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string Database => Path.Combine(_directory.Path, "index.db");

    private string[] OnSqlite => ["--database", $"sqlite:///{Database}"];

    [Fact]
    public async Task Sqlite_passes_without_a_change_of_the_configured_index_and_writes_the_reports()
    {
        (await RegistryIndexProcess.RunWithInputAsync("team/app\tmine\n", ["import", "-", .. OnSqlite])).ExitCode.Should().Be(0);
        var before = await File.ReadAllBytesAsync(Database, TestContext.Current.CancellationToken);
        var there = Directory.GetFiles(_directory.Path);
        using var reports = new TemporaryDirectory();
        var (html, junit, json) = (Path.Combine(reports.Path, "r.html"), Path.Combine(reports.Path, "r.xml"), Path.Combine(reports.Path, "r.json"));

        var result = await RegistryIndexProcess.RunAsync(["conformance", "--quick", "--html", html, "--junit", junit, "--json", json, .. OnSqlite]);

        result.ExitCode.Should().Be(0, result.Stdout + result.Stderr);
        result.Stdout.Should().Contain("A list is in name order by code point").And.MatchRegex(@"efcore: \d+ passed, \d+ skipped");
        result.Stdout.Should().Contain("It is slow, and this run is a quick one.");
        result.Stderr.Should().Contain("Testing efcore in scratch places such as " + _directory.Path);
        (await File.ReadAllTextAsync(html, TestContext.Current.CancellationToken)).Should().Contain("efcore").And.Contain("</html>");
        XDocument.Load(junit).Descendants("testcase").Should().HaveCountGreaterThan(100);
        var written = JsonNode.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken))!;
        written["succeeded"]!.GetValue<bool>().Should().BeTrue();
        written["cases"]!.AsArray().Single(one => one!["id"]!.GetValue<string>() == "reading-creates-nothing")!["outcome"]!.GetValue<string>().Should().Be("Pass");
        Directory.GetFiles(_directory.Path).Should().BeEquivalentTo(there);
        (await File.ReadAllBytesAsync(Database, TestContext.Current.CancellationToken)).Should().Equal(before);
    }

    [Fact]
    public async Task Cases_with_several_processes_are_skipped_for_an_index_in_memory()
    {
        var result = await RegistryIndexProcess.RunAsync(
            "conformance", "--database", "sqlite://", "--case", "writers-in-several-processes-agree-at-rest", "--case", "a-list-is-in-name-order");
        result.ExitCode.Should().Be(0, result.Stdout + result.Stderr);
        result.Stdout.Should().Contain("efcore: 1 passed, 1 skipped.").And.NotContain("Clauses without");
        result.Stdout.Should().Contain("(An index in memory is visible only to its own process");
    }

    [Fact]
    public async Task PostgreSql_passes_in_scratch_databases_on_the_configured_server()
    {
        if (PostgreSqlServer.WhyNot is { } whyNot)
            Assert.Skip(whyNot);
        var server = await PostgreSqlServer.GetAsync();
        var url = $"postgresql://{PostgreSqlServer.User}:{Uri.EscapeDataString(PostgreSqlServer.Password)}@{server.Host}:{server.Port}/postgres";
        string[] cases = ["a-long-list-is-whole", "writers-in-several-processes-agree-at-rest", "an-index-outlives-its-process"];
        var result = await RegistryIndexProcess.RunAsync(["conformance", "--database", url, .. cases.SelectMany(one => new[] { "--case", one })]);
        result.ExitCode.Should().Be(0, result.Stdout + result.Stderr);
        result.Stdout.Should().Contain("efcore: 3 passed.");
        result.Stderr.Should().Contain("the database registry_index_scratch_").And.NotContain(PostgreSqlServer.Password);
    }

    [Fact]
    public async Task The_sample_provider_passes_as_a_plug_in()
    {
        var index = Path.Combine(_directory.Path, "index");
        var result = await RegistryIndexProcess.RunAsync("conformance", "--quick", "--backend", "Acme.RegistryIndex.Files", "--set", $"acme_files_directory={index}");
        result.ExitCode.Should().Be(0, result.Stdout + result.Stderr);
        result.Stdout.Should().Contain("acme-files: ").And.NotContain("IRegistryIndexSource");
        Directory.EnumerateFileSystemEntries(_directory.Path).Should().BeEmpty();
    }

    [Fact]
    public async Task A_wrong_plug_in_fails_with_the_calls_and_the_case_can_be_repeated()
    {
        var result = await RegistryIndexProcess.RunAsync(Forgetful());
        result.ExitCode.Should().Be(1, result.Stdout + result.Stderr);
        result.Stderr.Should().Contain("Fail: a-long-list-is-whole: ");
        result.Stdout.Should().Contain("Fail: a-long-list-is-whole (contract 2.4)").And.Contain("Done:").And.Contain("Expected: ").And.Contain("Came: ").And.Contain("Seed:     7").And.Contain("Means: ");

        var again = await RegistryIndexProcess.RunAsync(Forgetful("--case", "a-long-list-is-whole"));
        again.ExitCode.Should().Be(1);
        again.Stdout.Should().Contain("test-forgetful: 0 passed, 1 failed.");

        var other = await RegistryIndexProcess.RunAsync(Forgetful("--case", "a-delete-says-whether-there-was-something", "--case", "an-upsert-says-what-it-did"));
        other.ExitCode.Should().Be(0, other.Stdout + other.Stderr);
        other.Stdout.Should().Contain("test-forgetful: 2 passed.");

        static string[] Forgetful(params string[] more) => ["conformance", "--quick", "--backend", "RegistryIndex.Server.Tests", "--seed", "7", .. more];
    }

    [Fact]
    public async Task The_option_list_shows_the_ids_of_the_cases_without_any_settings()
    {
        var result = await RegistryIndexProcess.RunAsync("conformance", "--list", "--config", "/nowhere/at/all.yml");
        result.ExitCode.Should().Be(0, result.Stderr);
        result.Stdout.Should().Contain("\n  a-long-list-is-whole (2.4): ").And.MatchRegex(@"\n  [a-z-]+ \([0-9., ]+\), slow: ");
        ConformanceSuite.Cases.Should().OnlyContain(one => result.Stdout.Contains($"\n  {one.Id} ("));
    }

    [Fact]
    public async Task An_interrupted_run_removes_its_scratch_index()
    {
        await using var process = RegistryIndexProcess.Start(["conformance", .. OnSqlite]);
        await process.WaitForAsync("Testing efcore");
        await Eventually.BeAsync(() => Directory.GetFiles(_directory.Path, "registry_index_scratch_*.db-wal").Length > 0);
        (await process.StopAsync()).Should().Be(130, process.Log);
        process.Log.Should().Contain("Interrupted; the scratch index was removed.").And.NotContain("   at ");
        Directory.EnumerateFileSystemEntries(_directory.Path).Should().BeEmpty();
    }

    [Theory]
    [InlineData("--backend test", "'test' is neither a known provider")]
    [InlineData("--backend none", "there is no index to test")]
    [InlineData("--backend RegistryIndex.Testing", "without a RegistryIndexProvider attribute")]
    [InlineData("--case no-such-case", "no case 'no-such-case'")]
    [InlineData("--seed x", "'x'")]
    [InlineData("--html /nowhere/at/all.html", "--html '/nowhere/at/all.html'")]
    [InlineData("--backend Acme.RegistryIndex.Files", "acme_files_directory is not set")]
    [InlineData("--database mysql://u:pa55word@h/d", "'mysql', which has no EF Core 10 provider")]
    public async Task A_mistake_is_one_sentence_and_exit_code_2(string arguments, string sentence)
    {
        var result = await RegistryIndexProcess.RunAsync(["conformance", .. arguments.Split(' ')]);
        result.ExitCode.Should().Be(2, "it said {0}", result.Stderr);
        (result.Stderr + result.Stdout).Should().Contain(sentence).And.NotContain("   at ").And.NotContain("pa55word");
    }

    [Theory]
    [InlineData("--database sqlite:////proc/nowhere/all.db", "the directory /proc/nowhere for the database /proc/nowhere/registry_index_scratch_")]
    [InlineData("--backend dynamodb --set extensions:dynamodb_index:endpoint=http://127.0.0.1:1 --set extensions:dynamodb_index:retry_timeout=1 --set extensions:dynamodb_index:access_key=a --set extensions:dynamodb_index:secret_access_key=b", "http://127.0.0.1:1 did not answer")]
    public async Task A_store_without_space_for_a_scratch_index_is_reported_once(string arguments, string sentence)
    {
        var result = await RegistryIndexProcess.RunAsync(["conformance", .. arguments.Split(' ')]);
        result.ExitCode.Should().Be(1, "it said {0}", result.Stderr);
        result.Stderr.Should().Contain(sentence).And.NotContain("   at ");
        result.Stdout.Should().BeEmpty();
    }
}
