using System.Text.Json.Nodes;
using RegistryIndex.Server.References;
using RegistryIndex.Server.Terminal;
using RegistryIndex.Sources;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

public sealed class ShowCommandTests : IDisposable
{
    private static readonly RepositoryFacts Known = new() { Tag = "1.2", TagCount = 3, Kind = ArtifactKind.Image, Size = 12_345, SizePlatform = "linux/amd64", IsSigned = true, PushedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Title = "Web\u001b[31m" };
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_repository_is_shown_with_the_tags_that_its_storage_lists()
    {
        (await RunAsync("load")).ExitCode.Should().Be(0);
        foreach (var name in (string[])["base/java", "registry.example.com/base/java:21"])
        {
            var shown = await RunAsync("show", name);
            shown.ExitCode.Should().Be(0, shown.Stderr);
            shown.Stdout.Should().StartWith("name           base/java\n").And.MatchRegex(@"\ntags           [^\n]*\b21\b");
        }

        var json = JsonNode.Parse((await RunAsync("show", "base/java", "--json")).Stdout)!;
        json["name"]!.GetValue<string>().Should().Be("base/java");
        json["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()).Should().BeEquivalentTo("17", "21", "latest");
        json["tags"]![0]!["pushed_at"].Should().NotBeNull();
    }

    [Fact]
    public async Task A_missing_repository_is_reported()
    {
        (await RunAsync("load")).ExitCode.Should().Be(0);
        var result = await RunAsync("show", "never/there");
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("The index has no repository never/there");
    }

    [Theory]
    [InlineData(ArtifactKind.Image, "docker pull registry.example.com:5000/mirror/team/web:1.2")]
    [InlineData(ArtifactKind.Chart, "helm pull oci://registry.example.com:5000/mirror/team/web --version 1.2")]
    [InlineData(ArtifactKind.Plugin, "docker plugin install registry.example.com:5000/mirror/team/web:1.2")]
    [InlineData(ArtifactKind.Model, "docker model pull registry.example.com:5000/mirror/team/web:1.2")]
    [InlineData(ArtifactKind.Wasm, "oras pull registry.example.com:5000/mirror/team/web:1.2")]
    public void The_pull_command_matches_the_kind_of_artifact(ArtifactKind kind, string command) =>
        PullCommands.Of(new("https://registry.example.com:5000/mirror/"), new("team/web", null, Known with { Kind = kind })).Should().StartWith(command);

    [Fact]
    public void Each_fact_is_one_line_without_control_characters()
    {
        using var writer = new StringWriter();
        RepositoryFactsText.Write(writer, new("team/web", "Front end", Known), [new ListedTag("1.2"), new ListedTag("1.1")], ["docker pull team/web:1.2"]);
        writer.ToString().Should().Contain("tag            1.2 (of 3)\n").And.Contain("size           12,345 bytes for linux/amd64\n").And.Contain("signed         yes\n")
            .And.Contain("pushed         2026-01-02 03:04:05Z\n").And.Contain("tags           1.2, 1.1\n").And.Contain("pull           docker pull team/web:1.2\n").And.NotContain("\u001b").And.NotContain("vendor");
    }

    private Task<ProcessResult> RunAsync(params string[] command) =>
        RegistryIndexProcess.RunAsync([.. command, "--database", $"sqlite:///{_directory.Path}/index.db", "--storage-path", SampleRegistry.Path, "--set", "registry_public_url=https://registry.example.com"]);
}
