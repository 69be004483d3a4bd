using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>Text that a pusher wrote into an image, on its way to the terminals of users who search.</summary>
public sealed class HarmlessAnswersTests : IDisposable
{
    private const string Escapes = "red \e[31mALERT\e[0m \e]0;owned\a end";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(Escapes, "red [31mALERT [0m ]0;owned end")]
    [InlineData("harmless text\rOVERWRITTEN", "harmless text OVERWRITTEN")]
    [InlineData("user\u202etxt.exe\u2028next\u0085line", "usertxt.exe next line")]
    public async Task A_search_escapes_descriptions_and_the_index_keeps_the_original(string description, string shown)
    {
        await using var server = await RunningServer.StartAsync();
        await server.Index.UpsertAsync(new("lab/esc", description));
        (await GetAsync(server, "/v1/search?q=esc"))["results"]![0]!["description"]!.GetValue<string>().Should().Be(shown);
        (await server.Index.GetAsync("lab/esc"))!.Description.Should().Be(description);
    }

    [Fact]
    public async Task A_predecessors_invalid_names_are_escaped()
    {
        await using var server = await RunningServer.StartAsync(("sqlalchemy_index_database", LegacyDatabase("lab/\e[31mred", "lab/\u202eder")));
        (await GetAsync(server, "/v1/search?q=lab"))["results"]!.AsArray().Select(row => row!["name"]!.GetValue<string>()).Should().Equal("lab/ [31mred", "lab/der");
        (await GetAsync(server, "/v2/_catalog"))["repositories"]!.AsArray().Select(name => name!.GetValue<string>()).Should().Equal("lab/ [31mred", "lab/der");
        (await server.Client.GetStringAsync("/ui/?q=lab")).Should().Contain("<h2 class=\"name\"><bdi>lab/<wbr> [31mred</bdi></h2>").And.Contain("<bdi>lab/<wbr>der</bdi>").And.NotContain("\e");
        using var page = await server.Client.GetAsync("/v2/_catalog?n=1");
        page.Headers.GetValues("Link").Single().Should().Contain("last=lab%2F%1B%5B31mred", "the next page begins after the name as it is stored");
    }

    [Theory]
    [InlineData("/v1/search?q=%1B%5B31m%E2%80%AE")]
    [InlineData("/v1/search?q=x&continuation=%1B%5B31m%E2%80%AE")]
    [InlineData("/v1/search?n=%1B%5B31m%E2%80%AE")]
    [InlineData("/v2/_catalog?n=%1B%5B31m%E2%80%AE")]
    [InlineData("/v2/%1B%5B31m%E2%80%AE/tags/list")]
    public async Task Answers_and_errors_escape_the_text_of_a_link(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.Client.GetAsync(path);
        Strings(JsonNode.Parse(await answer.Content.ReadAsStringAsync())).Should().NotContain(text => text.Any(character => char.IsControl(character) || character == '\u202e'));
    }

    [Fact]
    public async Task Podman_and_the_command_print_no_control_characters()
    {
        await using var registry = await DockerRegistry.StartAsync();
        foreach (var (name, label) in (IEnumerable<(string, string)>)[("lab/esc", Escapes), ("lab/cr", "harmless text\rOVERWRITTEN")])
        {
            var layout = Path.Combine(_directory.Path, name.Replace('/', '-'));
            OciImage.Write(layout, label: label, content: name);
            await Skopeo.CopyAsync(layout, $"{registry.Address}/{name}:latest");
        }

        var database = $"sqlite:///{_directory.Path}/index.db";
        await using var server = await RegistryIndexProcess.ServeAsync("--storage-path", registry.RootDirectory, "--database", database);
        await server.WaitForAsync("Loaded: 2 added");
        var podman = await ProcessRunner.RunAsync("podman", ["search", "--tls-verify=false", "--no-trunc", $"{server.Address}/lab"]);
        podman.Stdout.Should().Contain("ALERT").And.Contain("harmless text OVERWRITTEN").And.NotContain("\e").And.NotContain("\a").And.NotContain("\r");
        var search = await RegistryIndexProcess.RunAsync("search", "lab", "--database", database);
        search.Stdout.Should().Contain("ALERT").And.NotContain("\e").And.NotContain("\a").And.NotContain("\r");
        var export = await RegistryIndexProcess.RunAsync("export", "--database", database);
        export.Stdout.Should().Contain("\\u001B[31mALERT", "what is stored is what was pushed");
    }

    [Fact]
    public async Task Logs_and_errors_escape_line_breaks_and_directional_characters()
    {
        string[] arguments = ["--storage-path", $"{_directory.Path}/no\u2028where\u202e", "--database", $"sqlite:///{_directory.Path}/index.db"];
        var load = await RegistryIndexProcess.RunAsync(["load", .. arguments]);
        await using var server = await RegistryIndexProcess.ServeAsync(arguments);
        await server.WaitForAsync("The directory '");
        (await server.StopAsync()).Should().Be(0);
        foreach (var said in (string[])[load.Stderr, server.Log])
            said.Should().Contain("The directory '").And.Contain("/no where' does not exist").And.NotContain("\u2028").And.NotContain("\u202e");
    }

    private static async Task<JsonNode> GetAsync(RunningServer server, string path) => JsonNode.Parse(await server.Client.GetStringAsync(path))!;

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Strings(member.Value)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    private string LegacyDatabase(params string[] names)
    {
        var file = Path.Combine(_directory.Path, "legacy.db");
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE version (id INTEGER NOT NULL PRIMARY KEY); INSERT INTO version VALUES (1);"
            + "CREATE TABLE repository (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(95) NOT NULL UNIQUE, description VARCHAR(100));";
        command.ExecuteNonQuery();
        foreach (var name in names)
        {
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO repository (name) VALUES ($name)";
            insert.Parameters.AddWithValue("$name", name);
            insert.ExecuteNonQuery();
        }

        return $"sqlite:///{file}";
    }
}
