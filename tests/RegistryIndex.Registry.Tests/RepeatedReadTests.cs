using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using RegistryIndex.Sources;
using RegistryIndex.Testing.Registry;
using static RegistryIndex.Testing.Registry.HandMadeImages;

namespace RegistryIndex.Registry.Tests;

/// <summary>A repeated read of unchanged data does not count as a pull, according to the events of a real registry.</summary>
public sealed class RepeatedReadTests : IAsyncLifetime
{
    private EventCounter _events = null!;
    private DockerRegistry _registry = null!;
    private RegistryProxy _proxy = null!;
    private HandMadeImages _images = null!;
    private RegistryClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _events = await EventCounter.StartAsync();
        _registry = await DockerRegistry.StartAsync(_events.Configuration);
        _proxy = await RegistryProxy.StartAsync();
        _proxy.Target = _registry.Address;
        _images = new(_registry.Address);
        _client = TestClient.Of(_proxy.Url);
        await PushAllKindsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _images.Dispose();
        await _proxy.DisposeAsync();
        await _registry.DisposeAsync();
        await _events.DisposeAsync();
    }

    [Fact]
    public async Task Unchanged_images_of_any_kind_are_not_pulled_again()
    {
        var first = await _client.ReadAllAsync();
        (await PullsAsync()).Should().NotBeEmpty();
        first.ToDictionary(found => found.Repository.Name, found => found.Repository.Description).Should().BeEquivalentTo(new Dictionary<string, string?>
        {
            ["annotated"] = "by annotation",
            ["cache"] = null,
            ["config-gone"] = null,
            ["index"] = "by a child",
            ["index/partly-gone"] = null,
            ["labelled"] = "by label",
            ["manifest-gone"] = null,
            ["no-json"] = null,
            ["signed"] = "signed",
            ["silent"] = null,
            ["spoken-for"] = "by 2.0",
        });

        for (var i = 0; i < 2; i++)
        {
            (await _client.ReadAllAsync()).Should().Equal(first);
            (await PullsAsync()).Should().BeEmpty();
        }

        foreach (var name in first.Select(found => found.Repository.Name))
            await _client.FindAsync(name, cancellationToken: TestContext.Current.CancellationToken);
        (await PullsAsync()).Should().BeEmpty("look-ups after events use it, too");
    }

    [Fact]
    public async Task Only_changed_images_are_pulled_again()
    {
        await _client.ReadAllAsync();
        await _images.ImageAsync("labelled", "latest", [(Description, "a new build")]);
        await _images.ImageAsync("silent", "3.0", [(Description, "speaks now")]);
        await _images.ImageAsync("signed", $"sha256-{new string('b', 64)}.sig");
        await _images.ManifestAsync("annotated", "newest", await ManifestOf("annotated", "latest"));
        await PullsAsync();

        var second = await _client.ReadAllAsync();
        second.Single(found => found.Repository.Name == "labelled").Repository.Description.Should().Be("a new build");
        second.Single(found => found.Repository.Name == "silent").Repository.Description.Should().Be("speaks now");
        second.Single(found => found.Repository.Name == "signed").Repository.Description.Should().Be("signed");
        (await PullsAsync()).Select(pull => pull.Split(' ')[1]).Distinct().Should().BeEquivalentTo("labelled", "silent");
        (await _client.ReadAllAsync()).Should().Equal(second);
        (await PullsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_manifest_that_was_missing_is_read_when_it_appears()
    {
        var child = await _images.ImageAsync("later", "child", [(Description, "the child is back")]);
        await _images.IndexAsync("later", "latest", [child]);
        var manifest = await ManifestOf("later", "child");
        await _images.DeleteAsync("later", child);
        for (var i = 0; i < 2; i++)
            (await _client.FindAsync("later", cancellationToken: TestContext.Current.CancellationToken)).Should().Match<StoredRepository>(found => found.Repository.Description == null && found.Problem != null);
        await _images.ManifestAsync("later", "again", manifest);
        (await _client.FindAsync("later", cancellationToken: TestContext.Current.CancellationToken)).Should().Match<StoredRepository>(found => found.Repository.Description == "the child is back" && found.Problem == null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_registry_that_ignores_conditional_requests_is_asked_by_HEAD_if_that_returns_the_digest(bool tells)
    {
        _proxy.Fault = context =>
        {
            context.Request.Headers.Remove("If-None-Match");
            if (!tells && context.Request.Method == "HEAD")
                context.Response.StatusCode = 405;
            return Task.FromResult(!tells && context.Request.Method == "HEAD");
        };
        var first = await _client.ReadAllAsync();
        for (var i = 0; i < 2; i++) // the client learns it in these reads
            (await _client.ReadAllAsync()).Should().Equal(first);
        _proxy.Forget();
        (await _client.ReadAllAsync()).Should().Equal(first);
        var (heads, gets) = (Manifests("HEAD"), Manifests("GET"));
        (heads.Count + gets.Count).Should().BeGreaterThan(10);
        if (tells)
            gets.Should().OnlyContain(request => request.Contains("-gone/"), "only missing manifests are requested");
        else
            heads.Should().BeEmpty("it has no digest");
    }

    [Fact]
    public async Task A_removed_repository_leaves_the_cache_and_is_read_again_when_it_returns()
    {
        var image = await _images.ImageAsync("comes/and-goes", "latest", [(Description, "first")]);
        (await _client.FindAsync("comes/and-goes"))!.Repository.Description.Should().Be("first");
        await _images.DeleteAsync("comes/and-goes", image);
        (await _client.FindAsync("comes/and-goes")).Should().BeNull();
        await _images.ImageAsync("comes/and-goes", "latest", [(Description, "second")]);
        (await _client.FindAsync("comes/and-goes"))!.Repository.Description.Should().Be("second");
    }

    [Theory]
    [InlineData("/blobs/")]
    [InlineData("/manifests/sha256:")]
    [InlineData("/manifests/latest")]
    public async Task Content_that_does_not_match_its_digest_is_a_problem_of_its_image(string part)
    {
        _proxy.Fault = async context =>
        {
            if (!context.Request.Path.Value!.Contains(part, StringComparison.Ordinal))
                return false;
            context.Response.Headers["Docker-Content-Digest"] = $"sha256:{new string('0', 64)}";
            await context.Response.WriteAsync("""{"config":{"Labels":{"org.opencontainers.image.description":"exchanged"}},"annotations":{"org.opencontainers.image.description":"exchanged"}}""");
            return true;
        };
        var found = await _client.ReadAllAsync();
        found.Should().HaveCount(11).And.NotContain(repository => repository.Repository.Description == "exchanged").And.OnlyContain(repository => repository.IsCertain && repository.Failure == null);
        found.Should().Contain(repository => repository.Problem != null && repository.Problem.Contains("does not match its digest"));
    }

    private List<string> Manifests(string method) => [.. _proxy.Requests.Where(request => request.StartsWith($"{method} ", StringComparison.Ordinal) && request.Contains("/manifests/"))];

    private async Task<List<string>> PullsAsync() => [.. (await _events.TakePullsAsync(_registry.Address)).Where(pull => !pull.Contains(" marker/"))];

    private async Task<JsonObject> ManifestOf(string name, string tag)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Accept", ManifestType);
        using var response = await client.GetAsync(new Uri($"http://{_registry.Address}/v2/{name}/manifests/{tag}"));
        var manifest = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        return manifest;
    }

    private async Task PushAllKindsAsync()
    {
        await _images.ImageAsync("annotated", "latest", annotations: [(Description, "by annotation")]);
        await _images.ImageAsync("labelled", "latest", [(Description, "by label")]);
        foreach (var tag in (string[])["latest", "1.0", "2.0"])
            await _images.ImageAsync("silent", tag, content: "the same");
        await _images.ImageAsync("spoken-for", "latest");
        await _images.ImageAsync("spoken-for", "2.0", [(Description, "by 2.0")]);
        await _images.CacheAsync("cache", "main");
        await _images.ImageAsync("signed", "1.0", [(Description, "signed")]);
        await _images.ImageAsync("signed", $"sha256-{new string('a', 64)}.sig");
        await _images.IndexAsync("index", "latest", [await _images.ImageAsync("index", "one"), await _images.ImageAsync("index", "two", [(Description, "by a child")])]);

        var (gone, stays) = (await _images.ImageAsync("index/partly-gone", "one"), await _images.ImageAsync("index/partly-gone", "two"));
        await _images.IndexAsync("index/partly-gone", "latest", [gone, stays]);
        await _images.DeleteAsync("index/partly-gone", gone);

        await _images.ImageAsync("no-json", "latest", config: "no JSON");
        await _images.ImageAsync("config-gone", "latest", [("of", "config-gone")]);
        Delete((await ManifestOf("config-gone", "latest"))["config"]!);
        Delete(await _images.ImageAsync("manifest-gone", "latest", [(Description, "gone")]));
    }

    private void Delete(JsonNode descriptor)
    {
        var hex = descriptor["digest"]!.GetValue<string>()["sha256:".Length..];
        File.Delete(Path.Combine(_registry.RootDirectory, "docker/registry/v2/blobs/sha256", hex[..2], hex, "data"));
    }
}
