using Microsoft.Data.Sqlite;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

public sealed class DeleteCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_deleted_repository_is_gone_and_a_second_delete_does_no_harm()
    {
        await RunAsync("a\tone\nteam/b\ttwo\nc\tthree\n", "import", "-");
        (await RunAsync("", "delete", "a", "team/b")).Should().Be(new ProcessResult(0, "Deleted a.\nDeleted team/b.\n", ""));
        (await RunAsync("", "delete", "a", "c")).Should().Be(new ProcessResult(0, "The index has no repository a.\nDeleted c.\n", ""));
        (await RunAsync("", "export")).Stdout.Should().BeEmpty();
    }

    [Fact]
    public async Task A_delete_without_a_name_is_a_mistake()
    {
        var result = await RunAsync("", "delete");
        result.ExitCode.Should().Be(2);
        result.Stderr.Should().Contain("delete");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\t")]
    public async Task A_blank_name_is_a_mistake_and_nothing_is_deleted(string blank)
    {
        await RunAsync("a\tone\n", "import", "-");
        var result = await RunAsync("", "delete", "a", blank);
        (result.ExitCode, result.Stdout).Should().Be((2, ""));
        result.Stderr.Should().Match("registry-index: NAME '*' is not the name of a repository: write its full name, such as team/app.\n");
        (await RunAsync("", "export", "-f", "tsv")).Stdout.Should().Be("a\tone\n");
    }

    [Fact]
    public async Task A_predecessors_invalid_name_can_be_deleted()
    {
        await using (var connection = new SqliteConnection($"Data Source={_directory.Path}/index.db;Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE version (id INTEGER PRIMARY KEY); INSERT INTO version VALUES (1);
                CREATE TABLE repository (id INTEGER PRIMARY KEY, name VARCHAR(95) NOT NULL UNIQUE, description VARCHAR(100));
                INSERT INTO repository (name, description) VALUES ('library/_odd name', 'by hand'), ('library/app', 'an app');
                """;
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        (await RunAsync("", "delete", "library/_odd name")).Stdout.Should().Be("Deleted library/_odd name.\n");
        (await RunAsync("", "export", "-f", "tsv")).Stdout.Should().Be("library/app\tan app\n");
    }

    [Fact]
    public async Task The_command_warns_that_a_re_sync_adds_repositories_that_the_registry_still_has()
    {
        string[] storage = ["--storage-path", Checkout.PathOf("samples", "registry")];
        await RunAsync("", ["load", .. storage]);
        var before = (await RunAsync("", "export")).Stdout;
        var name = (await RunAsync("", "export", "-f", "tsv")).Stdout.Split('\t')[0];
        var deleted = await RunAsync("", ["delete", name, .. storage]);
        deleted.ExitCode.Should().Be(0);
        deleted.Stderr.Should().Contain("The next event or re-sync adds those again that ").And.Contain("samples/registry");
        (await RunAsync("", "export")).Stdout.Should().NotBe(before);
        (await RunAsync("", ["sync", .. storage])).Stderr.Should().Contain("1 added");
        (await RunAsync("", "export")).Stdout.Should().Be(before);
    }

    [Fact]
    public async Task On_a_mirror_a_delete_applies_to_both_indexes()
    {
        string[] sides = [$"sqlite:///{_directory.Path}/primary.db", $"sqlite:///{_directory.Path}/secondary.db"];
        string[] mirror = ["--set", "search_backend=mirror", "--set", $"mirror:primary={sides[0]}", "--set", $"mirror:secondary={sides[1]}"];
        await RegistryIndexProcess.RunWithInputAsync("a\t\nb\t\n", ["import", "-", .. mirror]);
        (await RegistryIndexProcess.RunAsync(["delete", "a", .. mirror])).Stdout.Should().Be("Deleted a.\n");
        foreach (var side in sides)
            (await RegistryIndexProcess.RunAsync("export", "-f", "tsv", "--database", side)).Stdout.Should().Be("b\n");
    }

    private Task<ProcessResult> RunAsync(string input, params string[] arguments) =>
        RegistryIndexProcess.RunWithInputAsync(input, [.. arguments, "--database", $"sqlite:///{_directory.Path}/index.db"]);
}
