using System.Text.Json;
using Microsoft.Data.Sqlite;
using RegistryIndex.Server.Tests.Moving;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Mirroring;

/// <summary>Commands and the server with <c>search_backend: mirror</c>.</summary>
public sealed class MirrorCommandTests : MoveTest
{
    [Fact]
    public async Task Commands_accept_a_mirror_and_the_names_of_its_two_indexes()
    {
        var config = await ConfigureAsync(Sqlite("a.db"), Sqlite("b.db"));
        (await RegistryIndexProcess.RunWithInputAsync("team/web\tA shop\nteam/api\t\n", ["import", "-", .. config])).ExitCode.Should().Be(0);
        foreach (var database in new[] { "a.db", "b.db" })
            (await DoAsync("search", "shop", "--database", Sqlite(database))).Stdout.Should().Be("team/web\tA shop\n", "it ends when the secondary has caught up");

        await RegistryIndexProcess.RunWithInputAsync("team/late\tonly in a\n", "import", "-", "--database", Sqlite("a.db"));
        await RegistryIndexProcess.RunWithInputAsync("team/stray\tonly in b\n", "import", "-", "--database", Sqlite("b.db"));
        (await RunAsync(["verify", "--from", "primary", "--to", "secondary", .. config])).ExitCode.Should().Be(1);
        await DoAsync(["migrate", "--from", "primary", "--to", "secondary", "--merge", "--delete", .. config]);
        await ShouldBeEqualAsync(Sqlite("a.db"), Sqlite("b.db"), 3);
        (await DoAsync(["status", .. config])).Stdout.Should().Contain("backend       mirror").And.Contain("a.db, mirrored to ").And.Contain("b.db").And.Contain("repositories  3");
    }

    [Fact]
    public async Task An_outdated_copy_by_a_mirror_of_the_source_is_not_other_data()
    {
        var config = await ConfigureAsync(Sqlite("a.db"), Sqlite("b.db"));
        (await RegistryIndexProcess.RunWithInputAsync("team/web\tA shop\nteam/old\t\n", ["import", "-", .. config])).ExitCode.Should().Be(0);
        // As if a server was killed before it copied its writes.
        (await RegistryIndexProcess.RunWithInputAsync("team/web\tA better shop\nteam/new\t\n", "import", "-", "--database", Sqlite("a.db"))).ExitCode.Should().Be(0);
        await DoAsync("delete", "team/old", "--database", Sqlite("a.db"));

        string[] migrate = ["migrate", "--from", "primary", "--to", "secondary", .. config];
        (await DoAsync([.. migrate, "--dry-run"])).Stdout.Should().Contain("is a copy of the source that a mirror has made and that is not up to date: 1 descriptions or facts would be overwritten");
        var result = await DoAsync(migrate);
        result.Stderr.Should().Contain("team/web says 'A shop' and would say 'A better shop'").And.Contain("1 added, 1 updated");
        await DoAsync([.. migrate, "--merge", "--delete"]);
        await ShouldBeEqualAsync(Sqlite("a.db"), Sqlite("b.db"), 2);
    }

    [Fact]
    public async Task Direct_writes_to_the_secondary_are_other_data()
    {
        var config = await ConfigureAsync(Sqlite("a.db"), Sqlite("b.db"));
        (await RegistryIndexProcess.RunWithInputAsync("team/web\tA shop\n", ["import", "-", .. config])).ExitCode.Should().Be(0);
        (await RegistryIndexProcess.RunWithInputAsync("team/web\tMy own words\n", "import", "-", "--database", Sqlite("b.db"))).ExitCode.Should().Be(0);
        var result = await RunAsync(["migrate", "--from", "primary", "--to", "secondary", .. config]);
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("no mirror is removing the differences: 1 descriptions or facts would be overwritten").And.Contain("--merge");
        (await DoAsync("search", "web", "--database", Sqlite("b.db"))).Stdout.Should().Be("team/web\tMy own words\n");
    }

    [Fact]
    public async Task A_secondary_marked_by_the_first_release_receives_missing_repositories()
    {
        var config = await ConfigureAsync(Sqlite("a.db"), Sqlite("b.db"));
        (await RegistryIndexProcess.RunWithInputAsync("team/web\tA shop\n", ["import", "-", .. config])).ExitCode.Should().Be(0);
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(Directory, "b.db")};Pooling=False"))
        {
            await connection.OpenAsync(Stop);
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE registry_index_state SET value = '2025-11-27T00:17:31.0075272+00:00' WHERE name LIKE '%mirror'";
            (await command.ExecuteNonQueryAsync(Stop)).Should().Be(1);
        }

        (await RegistryIndexProcess.RunWithInputAsync("team/new\t\n", "import", "-", "--database", Sqlite("a.db"))).ExitCode.Should().Be(0);
        (await DoAsync(["migrate", "--from", "primary", "--to", "secondary", .. config])).Stderr.Should().Contain("1 added, 0 updated, 1 unchanged");
    }

    [Fact]
    public async Task The_server_starts_and_answers_while_the_secondary_is_unreachable_and_reports_it()
    {
        var config = await ConfigureAsync(Sqlite("a.db"), "dynamodb://away?endpoint=http://127.0.0.1:1");
        await using var server = await RegistryIndexProcess.ServeAsync([.. config, .. Keys, "--set", "extensions:dynamodb_index:retry_timeout=0", "--storage-path", RegistryIndex.Testing.Checkout.PathOf("samples", "registry")]);
        await server.WaitForAsync("Loaded: ");
        await server.WaitForAsync("The secondary of the mirror cannot be written");
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        (await client.GetStringAsync("/v1/search?q=web", Stop)).Should().Contain("team/shop/web");
        var ready = JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync("/readyz", Stop));
        ready.GetProperty("status").GetString().Should().Be("ready");
        ready.GetProperty("mirror").GetProperty("secondary").GetString().Should().Be("failing");
        ready.GetProperty("mirror").GetProperty("pending").GetInt32().Should().Be(42);
        (await server.StopAsync()).Should().Be(0);
        server.Log.Should().Contain("42 repositories were not copied to the secondary");
    }

    [Theory]
    [InlineData("", "efcore", "mirror:primary is not set")]
    [InlineData("efcore", "", "mirror:secondary is not set")]
    [InlineData("efcore", "efcore", "are the same index")]
    [InlineData("efcore", "mirror", "a mirror cannot be migrated or compared")]
    [InlineData("efcore", "nowhere", "neither a known provider")]
    [InlineData("efcore", "dynamodb", "mirror:compare is 'often'", "often")]
    public async Task A_wrong_mirror_is_one_sentence(string primary, string secondary, string sentence, string compare = "0.5")
    {
        var result = await RunAsync("status", "--search-backend", "mirror", "--set", $"mirror:primary={primary}", "--set", $"mirror:secondary={secondary}", "--set", $"mirror:compare={compare}", "--database", Sqlite());
        result.ExitCode.Should().Be(2, result.Stderr);
        result.Stderr.Should().Contain(sentence).And.NotContain("   at ");
    }

    private async Task<string[]> ConfigureAsync(string primary, string secondary)
    {
        var file = Path.Combine(Directory, "mirror.yml");
        await File.WriteAllTextAsync(file, $"""
            prod:
              search_backend: mirror
              mirror:
                primary: {primary}
                secondary: {secondary}
                compare: 0.01
            """, Stop);
        return ["--config", file, "--flavor", "prod"];
    }
}
