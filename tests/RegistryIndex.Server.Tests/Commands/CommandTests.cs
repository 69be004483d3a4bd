using System.Text;
using System.Text.Json.Nodes;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

public sealed class CommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("jsonl")]
    [InlineData("tsv")]
    public async Task An_exported_file_can_be_imported_without_changes(string format)
    {
        Repository[] repositories =
        [
            new("a"), new("b/c", "tab\there, line\nthere, back\\slash \\t, \"quotes\" and 'more'"), new("d", "日本語 😀 \u001b[31m"), new("E-f", "ends in a backslash \\"),
        ];
        var input = string.Concat(repositories.Select(repository => new JsonObject { ["name"] = repository.Name, ["description"] = repository.Description }.ToJsonString() + "\n"));
        (await RunAsync(input, "import", "-")).ExitCode.Should().Be(0);
        var exported = await RunAsync("", "export", "--format", format);
        exported.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(4);

        var copy = $"sqlite:///{_directory.Path}/copy.db";
        (await RegistryIndexProcess.RunWithInputAsync(exported.Stdout, "import", "-", "--database", copy)).Stderr.Should().Contain("4 added");
        (await RegistryIndexProcess.RunWithInputAsync(input, "import", "-", "--database", copy)).Stderr.Should().Contain("4 unchanged");
    }

    [Fact]
    public async Task Refused_lines_are_reported_the_others_imported_and_the_exit_code_is_1()
    {
        var result = await RunAsync($"good\tone\n-bad\tname\n{{broken\n\n{{\"description\":\"x\"}}\n{new string('x', 70_000)}\ngood2\r\n{{\"name\":\"good3\",\"description\":null}}", "import", "-");
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("3 added, 0 updated, 0 unchanged, 4 refused")
            .And.Contain("'-bad'").And.Contain("Line 3 is refused").And.Contain("Line 5 is refused").And.Contain("Line 6 is refused")
            .And.NotContain("   at ");
    }

    [Fact]
    public async Task Descriptions_that_are_too_long_are_cut_on_import()
    {
        await RunAsync($"a\t{new string('x', 400)}", "import", "-");
        (await RunAsync("", "export", "-f", "tsv")).Stdout.Should().Be($"a\t{new string('x', 349)}…\n");
    }

    [Fact]
    public async Task A_search_prints_rows_or_json_without_control_characters()
    {
        await RunAsync("team/web\tred \u001b[31m front\napp\tthe web behind\n", "import", "-");
        (await RunAsync("", "search", "web")).Stdout.Should().Be("team/web\tred [31m front\napp\tthe web behind\n");
        (await RunAsync("", "search", "the", "behind", "-n", "1")).Stdout.Should().Be("app\tthe web behind\n");
        JsonNode.Parse((await RunAsync("", "search", "web", "--json")).Stdout)!["results"]!.AsArray().Should().HaveCount(2);
        (await RunAsync("", "search", "nothing")).Should().Be(new ProcessResult(0, "", ""));
    }

    [Fact]
    public async Task A_search_for_more_than_a_page_reads_further_pages()
    {
        await RunAsync(string.Concat(Enumerable.Range(0, 260).Select(i => $"team/app-{i:d3}\n")), "import", "-");
        (await RunAsync("", "search", "team", "-n", "250")).Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(250);
    }

    [Theory]
    [InlineData("serch", "'serch' is not a command: did you mean search?")]
    [InlineData("search --limit many", "--limit 'many'")]
    [InlineData("search --limit 0", "--limit '0'")]
    [InlineData("export --format xml", "'xml'")]
    [InlineData("status --search-backend elastic", "search_backend 'elastic' is neither a known provider")]
    [InlineData("status --database mysql://u:pa55word@h/d", "'mysql', which has no EF Core 10 provider")]
    [InlineData("status --set novalue", "--set 'novalue…' is not of the form KEY=VALUE")]
    [InlineData("status --config missing.yml", "missing.yml")]
    [InlineData("import /nowhere/rows.tsv", "The file '/nowhere/rows.tsv' cannot be read: the file does not exist.")]
    [InlineData("status --flavor prod", "--flavor")]
    [InlineData("status --set storage=ftp", "'ftp'")]
    [InlineData("search 1 2 3 4 5 6 7 8 9", "at most 8")]
    [InlineData("serve --urls nonsense", "nonsense")]
    public async Task A_mistake_is_one_sentence_and_exit_code_2(string arguments, string sentence)
    {
        var result = await RegistryIndexProcess.RunAsync([.. arguments.Split(' ')]);
        result.ExitCode.Should().Be(2, "it said {0}", result.Stderr);
        (result.Stderr + result.Stdout).Should().Contain(sentence).And.NotContain("   at ").And.NotContain("Unhandled").And.NotContain("pa55word");
        result.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.Should().BeLessThanOrEqualTo(3);
    }

    [Theory]
    [InlineData("load", "No storage is configured")]
    [InlineData("load --storage-path /nowhere/at/all", "The directory '/nowhere/at/all' does not exist")]
    [InlineData("sync --registry http://no-such-host.invalid:5000", "no-such-host.invalid")]
    public async Task A_failure_is_one_sentence_and_exit_code_1(string arguments, string sentence)
    {
        var result = await RunAsync("", arguments.Split(' '));
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain(sentence).And.NotContain("   at ");
    }

    [Fact]
    public async Task Without_an_index_the_server_runs_and_a_write_is_an_error()
    {
        await using (var server = await RegistryIndexProcess.ServeAsync("--search-backend", "", "--storage-path", Checkout.PathOf("samples", "registry")))
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
            (await client.GetStringAsync("/readyz", TestContext.Current.CancellationToken)).Should().Contain("\"backend\":\"none\"");
            (await server.StopAsync()).Should().Be(0);
            server.Log.Should().NotContain("fail:").And.NotContain("the new index");
        }

        foreach (var command in (string[][])[["load"], ["sync"], ["delete", "a"]])
        {
            var write = await RegistryIndexProcess.RunAsync([.. command, "--search-backend", "", "--storage-path", Checkout.PathOf("samples", "registry")]);
            write.ExitCode.Should().Be(1);
            write.Stderr.Should().Contain("search_backend is empty");
        }
    }

    [Fact]
    public async Task A_server_whose_port_is_in_use_says_so()
    {
        await using var first = await RegistryIndexProcess.ServeAsync("--database", "sqlite://");
        var second = await RegistryIndexProcess.RunAsync("serve", "--urls", $"http://{first.Address}", "--database", "sqlite://");
        second.ExitCode.Should().Be(2);
        second.Stderr.Should().Contain("address already in use").And.NotContain("   at ");
    }

    [Fact]
    public async Task A_server_on_a_schema_of_another_version_ends_with_the_reason()
    {
        var file = Path.Combine(_directory.Path, "other.db");
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE version (id INTEGER PRIMARY KEY); INSERT INTO version VALUES (9)";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var server = RegistryIndexProcess.Start("serve", "--urls", "http://127.0.0.1:0", "--database", $"sqlite:///{file}");
        (await server.WaitForExitAsync()).Should().Be(1);
        server.Log.Should().Contain("version says 9").And.NotContain("   at ");
    }

    [Fact]
    public async Task Config_prints_the_effective_settings_without_secrets()
    {
        var yaml = Path.Combine(_directory.Path, "config.yml");
        await File.WriteAllTextAsync(yaml, "common: &common\n  search_backend: sqlalchemy\nprod:\n  <<: *common\n  s3_secret_key: hush-hush\n", Encoding.UTF8);
        var result = await RegistryIndexProcess.RunAsync("config", "--config", yaml, "--flavor", "prod");
        result.ExitCode.Should().Be(0);
        result.Stdout.Should().Contain("search_backend = sqlalchemy").And.Contain("s3_secret_key").And.NotContain("hush-hush");
    }

    private Task<ProcessResult> RunAsync(string input, params string[] arguments) =>
        RegistryIndexProcess.RunWithInputAsync(input, [.. arguments, "--database", $"sqlite:///{_directory.Path}/index.db"]);
}
