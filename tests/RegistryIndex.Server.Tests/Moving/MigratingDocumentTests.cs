using System.Text.RegularExpressions;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Moving;

/// <summary>Follows docs/migrating.md: each file is written, each command is run, and the server serves throughout.</summary>
public sealed partial class MigratingDocumentTests : MoveTest
{
    private static readonly string[] Sections = File.ReadAllText(Checkout.PathOf("docs", "migrating.md")).Split("\n## ");
    private readonly string _prefix = NewPrefix();
    private RegistryIndexProcess? _server;
    private int _restarts;

    private string ConfigFile => Path.Combine(Directory, "registry.yml");

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task The_recipe_of_the_document_works()
    {
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, "registry-index"));
        (await RegistryIndexProcess.RunWithInputAsync("team/web\tA shop\nteam/api\t\n", "import", "-", "--database", Sqlite("registry-index/index.db"))).ExitCode.Should().Be(0);
        foreach (var (language, block) in BlocksOf("The recipe"))
        {
            var text = Here(block, _prefix);
            if (language == "yaml")
            {
                await File.WriteAllTextAsync(ConfigFile, text, Stop);
                if (_server is null)
                    await RestartAsync();
                continue;
            }

            foreach (var line in text.Split('\n'))
                await RunLineAsync(line);
        }

        _restarts.Should().Be(3);
        (await DoAsync("search", "shop", "--search-backend", "dynamodb", "--set", $"extensions:dynamodb_index:endpoint={Endpoint}", "--set", $"extensions:dynamodb_index:database={_prefix}"))
            .Stdout.Should().Be("team/web\tA shop\n");
    }

    [Fact]
    public async Task The_documented_ways_from_the_predecessors_work()
    {
        Repository[] repositories = [.. Enumerable.Range(0, 30).Select(i => new Repository($"team/app-{i}"))];
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, "docker-registry"));
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, "registry-index"));
        await MakeLegacyDatabaseAsync(repositories, "docker-registry/index.db");
        var prefixes = new Queue<string>([_prefix, await MakeLegacyTablesAsync(repositories)]);
        await File.WriteAllTextAsync(ConfigFile, "prod:\n  search_backend: sqlalchemy\n", Stop);
        foreach (var (_, block) in BlocksOf("From a predecessor"))
        {
            var prefix = prefixes.Dequeue();
            foreach (var line in Here(block, prefix).Split('\n'))
                await RunLineAsync(line);
        }

        prefixes.Should().BeEmpty();
    }

    private static IEnumerable<(string Language, string Text)> BlocksOf(string section) =>
        Block().Matches(Sections.Single(text => text.StartsWith(section, StringComparison.Ordinal))).Select(match => (match.Groups["language"].Value, match.Groups["text"].Value.Trim()));

    // Replaces the directory, the tables and the endpoint of the document with those of this test.
    private string Here(string text, string prefix) => text
        .Replace("/var/lib/", Directory + "/", StringComparison.Ordinal)
        .Replace("team-registry", prefix, StringComparison.Ordinal)
        .Replace("team-copy", prefix, StringComparison.Ordinal)
        .Replace("?region=eu-central-1", $"?region=eu-central-1&endpoint={Endpoint}", StringComparison.Ordinal);

    private async Task RunLineAsync(string line)
    {
        if (line == "systemctl restart registry-index")
        {
            await RestartAsync();
            return;
        }

        var command = $"""
            export DOCKER_REGISTRY_CONFIG='{ConfigFile}' SETTINGS_FLAVOR=prod REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__ENDPOINT={Endpoint}
            export REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__ACCESS_KEY=test REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__SECRET_ACCESS_KEY=test
            registry-index() (dotnet '{Path.Combine(AppContext.BaseDirectory, "registry-index.dll")}' "$@")
            {line.Replace("127.0.0.1:5080", _server?.Address, StringComparison.Ordinal)}
            """;
        var result = await ProcessRunner.RunAsync("bash", ["-c", command], Stop);
        result.ExitCode.Should().Be(0, "{0} said {1} {2}", line, result.Stdout, result.Stderr);
        if (line.StartsWith("curl", StringComparison.Ordinal))
            result.Stdout.Should().Contain("\"mirror\":{\"secondary\":\"writable\",\"pending\":0,\"missed\":0}");
    }

    private async Task RestartAsync()
    {
        if (_server is not null)
        {
            (await _server.StopAsync()).Should().Be(0, _server.Log);
            await _server.DisposeAsync();
            _restarts++;
        }

        _server = await RegistryIndexProcess.ServeAsync(["--config", ConfigFile, "--flavor", "prod", "--set", $"extensions:dynamodb_index:endpoint={Endpoint}", .. Keys]);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{_server.Address}") };
        await Eventually.BeAsync(async () => (await client.GetAsync("/readyz", Stop)).IsSuccessStatusCode);
        (await client.GetStringAsync("/v1/search?q=shop", Stop)).Should().Contain("team/web");
    }

    [GeneratedRegex("```(?<language>yaml|sh)\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
