using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary>Real podman searches real images of a real registry, whose storage was loaded.</summary>
public sealed class PodmanSearchTests(PodmanSearchTests.LoadedIndex index) : IClassFixture<PodmanSearchTests.LoadedIndex>
{
    [Fact]
    public async Task Matches_at_segment_starts_come_first_then_elsewhere_in_names_then_in_descriptions() =>
        (await SearchAsync("web")).Should().Equal(
            ("web", "The oldest one"),
            ("team/app/web", "Front end (4 parts)"),
            ("team/app/web/admin", ""),
            ("spider-web", "Crawls"),
            ("team/app", "Everything behind the web shop"));

    [Fact]
    public async Task A_match_in_a_description_is_found_without_regard_to_case() =>
        (await SearchAsync("FRONT")).Should().Equal(("team/app/web", "Front end (4 parts)"));

    [Fact]
    public async Task A_term_without_matches_finds_nothing() => (await SearchAsync("nothing-like-it")).Should().BeEmpty();

    [Fact]
    public async Task An_empty_term_lists_every_repository_in_name_order() =>
        (await SearchAsync("")).Select(row => row.Name).Should().Equal("spider-web", "team/app", "team/app/web", "team/app/web/admin", "web");

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(500, 5)]
    public async Task The_limit_applies(int limit, int rows) => (await SearchAsync("web", "--limit", $"{limit}")).Should().HaveCount(rows);

    [Fact]
    public async Task Wildcards_are_ordinary_characters()
    {
        (await SearchAsync("w%b")).Should().BeEmpty();
        (await SearchAsync("(4")).Select(row => row.Name).Should().Equal("team/app/web");
    }

    [Theory]
    [InlineData("team/app/web/admin:1.0")]
    [InlineData("registry.example.com/team/app/web/admin")]
    [InlineData("Registry.Example.Com:5000/team/app/web/admin:1.0@sha256:6a0d")]
    [InlineData("docker.io/library/team/app/web/admin/")]
    public async Task A_reference_finds_its_repository(string typed) =>
        (await SearchAsync(typed)).Should().Equal(("team/app/web/admin", ""));

    [Fact]
    public async Task The_search_command_treats_a_reference_as_words()
    {
        var result = await RegistryIndexProcess.RunAsync("search", "web:1.0", "--database", index.Database, "--set", "registry_public_url=https://registry.example.com");
        result.ExitCode.Should().Be(0, result.Stderr);
        result.Stdout.Should().NotContain("team/app/web");
    }

    private async Task<List<(string Name, string Description)>> SearchAsync(string term, params string[] options)
    {
        var result = await ProcessRunner.RunAsync(
            "podman",
            ["search", "--tls-verify=false", "--no-trunc", "--format", "{{.Name}}\t{{.Description}}", .. options, $"{index.Address}/{term}"],
            TestContext.Current.CancellationToken);
        result.ExitCode.Should().Be(0, "podman said: {0}", result.Stderr);
        return [.. result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Select(row => (row[0].Split('/', 2)[1], row.ElementAtOrDefault(1)?.Trim() ?? ""))];
    }

    public sealed class LoadedIndex : IAsyncLifetime
    {
        private readonly TemporaryDirectory _directory = new();
        private DockerRegistry? _registry;
        private RegistryIndexProcess? _server;

        public string Address => _server!.Address;

        public string Database => $"sqlite:///{_directory.Path}/index.db";

        public async ValueTask InitializeAsync()
        {
            _registry = await DockerRegistry.StartAsync();
            foreach (var (name, description, asLabel) in (IEnumerable<(string, string?, bool)>)
                     [
                         ("web", "The oldest one", false), ("team/app", "Everything behind the web shop", true),
                         ("team/app/web", "Front end (4 parts)", true), ("team/app/web/admin", null, false), ("spider-web", "Crawls", false),
                     ])
                await PushAsync(name, description, asLabel);
            _server = await RegistryIndexProcess.ServeAsync("--storage-path", _registry.RootDirectory, "--database", Database, "--set", "registry_public_url=https://registry.example.com");
            await _server.WaitForAsync("Loaded: 5 added");
        }

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
                await _server.DisposeAsync();
            if (_registry is not null)
                await _registry.DisposeAsync();
            _directory.Dispose();
        }

        private async Task PushAsync(string name, string? description, bool asLabel)
        {
            var layout = Path.Combine(_directory.Path, name.Replace('/', '-'));
            OciImage.Write(layout, annotation: asLabel ? null : description, label: asLabel ? description : null, content: name);
            await Skopeo.CopyAsync(layout, $"{_registry!.Address}/{name}:latest");
        }
    }
}
