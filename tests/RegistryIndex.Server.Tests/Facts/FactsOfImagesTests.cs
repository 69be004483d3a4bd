using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Sources;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Facts;

/// <summary>The facts from a real registry's API and from its storage.</summary>
public sealed class FactsOfImagesTests : IAsyncLifetime
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private EventCounter _events = null!;
    private DockerRegistry _registry = null!;
    private RegistryProxy _proxy = null!;
    private PushedKinds _pushed = null!;
    private DateTimeOffset _begun;

    public async ValueTask InitializeAsync()
    {
        _events = await EventCounter.StartAsync();
        _registry = await DockerRegistry.StartAsync(_events.Configuration);
        _proxy = await RegistryProxy.StartAsync();
        _proxy.Target = _registry.Address;
        _pushed = new(_registry.Address);
        _begun = DateTimeOffset.UtcNow;
        await _pushed.PushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _pushed.Dispose();
        await _proxy.DisposeAsync();
        await _registry.DisposeAsync();
        await _events.DisposeAsync();
    }

    [Fact]
    public async Task The_facts_of_each_kind_of_artifact_match_the_push_of_its_client()
    {
        await using var services = Services();
        var facts = (await ReadAsync(services.GetRequiredService<IRegistryApi>())).ToDictionary(repository => repository.Name, repository => repository.Facts!);
        facts.Keys.Should().BeEquivalentTo(PushedKinds.Names);
        facts.Values.Should().OnlyContain(one => one.PushedAt == null && one.Digest!.StartsWith("sha256:") && one.MediaType != null);

        facts["two-platforms"].Should().Be(facts["two-platforms"] with
        {
            Tag = "2.1",
            TagCount = 4,
            MediaType = HandMadeImages.IndexType,
            ArtifactType = "application/vnd.oci.image.config.v1+json",
            Kind = ArtifactKind.Image,
            Platforms = ["linux/arm64/v8", "linux/amd64"],
            SizePlatform = "linux/amd64",
            CreatedAt = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
            Title = "Two",
            Vendor = "Example",
            Licenses = ["Apache-2.0", "MIT"],
            Version = "2.1.0",
            Source = "https://example.com/two",
            BaseName = "docker.io/library/alpine:3.20",
            IsSigned = false,
            DescriptionTag = null,
        });
        facts["two-platforms"].Size.Should().Be(await SizeAsync("two-platforms", "child-amd64"), "it is the size for linux/amd64");
        facts["plain"].Should().Be(facts["plain"] with { Tag = "latest", TagCount = 1, Kind = ArtifactKind.Image, Platforms = ["linux/amd64"], SizePlatform = "linux/amd64" });
        facts["chart"].Should().Be(facts["chart"] with
        {
            Kind = ArtifactKind.Chart,
            ArtifactType = "application/vnd.cncf.helm.config.v1+json",
            IsDeprecated = true,
            Title = "web",
            Version = "0.3.1",
            Url = "https://example.com/chart",
            CreatedAt = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Platforms = null,
            SizePlatform = null,
        });
        facts["chart"].Size.Should().BePositive();
        facts["wasm"].Should().Be(facts["wasm"] with { Kind = ArtifactKind.Wasm, Platforms = ["wasip1/wasm"], CreatedAt = new(2025, 5, 6, 7, 8, 9, TimeSpan.Zero) });
        facts["model"].Kind.Should().Be(ArtifactKind.Model);
        facts["plugin"].Kind.Should().Be(ArtifactKind.Plugin);
        facts["attested"].Should().Be(facts["attested"] with { Kind = ArtifactKind.Image, Platforms = ["linux/amd64"], TagCount = 2 });
        facts.Where(one => one.Value.IsSigned).Select(one => one.Key).Should().BeEquivalentTo("signed", "signed/by-index");
        facts["signed"].TagCount.Should().Be(1, "a signature does not count as a tag");
        facts["sbom"].Should().Be(facts["sbom"] with { Tag = "latest", Kind = ArtifactKind.Image, IsSigned = false });
        facts["spoken-for"].Should().Be(facts["spoken-for"] with { Tag = "latest", DescriptionTag = "1.0", TagCount = 2 });
    }

    [Fact]
    public async Task The_storage_has_the_same_facts_and_the_push_time_of_the_tag()
    {
        await using var services = Services();
        var byApi = await ReadAsync(services.GetRequiredService<IRegistryApi>());
        var byStorage = await ReadAsync(services.GetRequiredService<IRegistryStorage>());

        byStorage.Should().OnlyContain(repository => repository.Facts!.PushedAt > _begun.AddSeconds(-5) && repository.Facts.PushedAt <= DateTimeOffset.UtcNow);
        byStorage.Select(WithoutPush).Should().Equal(byApi);
    }

    [Fact]
    public async Task A_repository_costs_at_most_four_requests()
    {
        await using var services = Services();
        await ReadAsync(services.GetRequiredService<IRegistryApi>());
        var counts = PushedKinds.Names.ToDictionary(name => name, RequestsOf);
        counts.Remove("spoken-for"); // the tag that represents it has no description, so others are read, too
        counts.Should().OnlyContain(count => count.Value <= 4);
        counts["plain"].Should().Be(3);
        counts["two-platforms"].Should().Be(4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_attachment_index_that_would_be_the_fifth_request_is_read_by_the_next_look_up(bool isNewProcess)
    {
        await _pushed.SignedIndexAsync("signed-index");
        await using var services = Services();
        var first = (await services.GetRequiredService<IRegistryApi>().FindAsync("signed-index", null, _cancellation))!.Repository;
        first.Facts!.Should().Be(first.Facts with { Platforms = ["linux/amd64", "linux/arm64"], IsSigned = false, OtherImages = null });
        RequestsOf("signed-index").Should().Be(4);

        _proxy.Forget();
        await using var other = Services();
        var api = (isNewProcess ? other : services).GetRequiredService<IRegistryApi>();
        var second = (await api.FindAsync("signed-index", first, _cancellation))!.Repository;
        second.Facts!.IsSigned.Should().BeTrue();
        RequestsOf("signed-index").Should().Be(3, "nothing of the image is read again");
        second.Should().Be(WithoutPush((await services.GetRequiredService<IRegistryStorage>().FindAsync("signed-index", null, _cancellation))!.Repository));

        await _events.TakePullsAsync(_registry.Address);
        (await api.FindAsync("signed-index", second, _cancellation))!.Repository.Should().Be(second);
        await using var third = Services();
        (await third.GetRequiredService<IRegistryApi>().FindAsync("signed-index", second, _cancellation))!.Repository.Should().Be(second);
        (await _events.TakePullsAsync(_registry.Address)).Should().BeEmpty();

        // As the sync command reads every image again.
        await using var fourth = Services();
        var row = new Repository("signed-index", second.Description, second.Facts with { Tag = null });
        (await fourth.GetRequiredService<IRegistryApi>().FindAsync("signed-index", row, _cancellation))!.Repository.Should().Be(second);
    }

    [Fact]
    public async Task A_new_process_uses_the_index_to_read_only_changed_images()
    {
        List<Repository> stored;
        await using (var first = Services())
            stored = await ReadAsync(first.GetRequiredService<IRegistryApi>());
        (await _events.TakePullsAsync(_registry.Address)).Should().NotBeEmpty();

        await using var second = Services();
        var api = second.GetRequiredService<IRegistryApi>();
        (await ReadAsync(api, stored)).Should().Equal(stored);
        (await _events.TakePullsAsync(_registry.Address)).Should().BeEmpty();
        stored.Single(repository => repository.Name == "spoken-for").Facts!.OtherImages.Should().Equal($"1.0@{await _pushed.Images.DigestAsync("spoken-for", "1.0")}");
        stored.Single(repository => repository.Name == "sbom").Facts!.OtherImages.Should().ContainSingle().Which.Should().StartWith("sha256-").And.Contain("@sha256:");

        await _pushed.SkopeoAsync("plain", platforms: ["linux/amd64", "linux/s390x"]);
        await _pushed.SignAsync("two-platforms", "2.1");
        await _pushed.Images.ImageAsync("spoken-for", "1.0", [(HandMadeImages.Description, "By a new image of another tag")]);
        await _events.TakePullsAsync(_registry.Address);
        var now = (await ReadAsync(api, stored)).ToDictionary(repository => repository.Name);
        now["plain"].Facts!.Platforms.Should().Equal("linux/amd64", "linux/s390x");
        now["two-platforms"].Facts!.Should().Be(stored.Single(repository => repository.Name == "two-platforms").Facts! with { IsSigned = true });
        now["spoken-for"].Description.Should().Be("By a new image of another tag");
        (await _events.TakePullsAsync(_registry.Address)).Should().NotBeEmpty().And.OnlyContain(pull => pull.Contains(" plain ") || pull.Contains(" spoken-for 1.0") || pull.Contains(" spoken-for sha256:"));
    }

    [Fact]
    public async Task A_restored_storage_does_not_change_push_times()
    {
        await using var services = Services();
        var storage = services.GetRequiredService<IRegistryStorage>();
        var pushed = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var stored = (await ReadAsync(storage)).Select(repository => new Repository(repository.Name, repository.Description, repository.Facts! with { PushedAt = pushed })).ToList();

        var again = await ReadAsync(storage, stored);
        again.Select(repository => repository.WriteOver(stored.Single(old => old.Name == repository.Name)).Outcome).Should().OnlyContain(outcome => outcome == UpsertOutcome.Unchanged);

        await _pushed.SkopeoAsync("plain", platforms: ["linux/amd64"]);
        (await storage.FindAsync("plain", stored.Single(old => old.Name == "plain"), _cancellation))!.Repository.Facts!.PushedAt.Should().BeAfter(_begun.AddSeconds(-5), "the tag has a new image");
    }

    [Fact]
    public async Task Tags_are_listed_without_signatures_and_from_a_storage_newest_first()
    {
        await using var services = Services();
        (await services.GetRequiredService<IRegistryApi>().ListTagsAsync("signed", _cancellation))!.Should().Equal(new ListedTag("latest"));
        (await services.GetRequiredService<IRegistryApi>().ListTagsAsync("none", _cancellation)).Should().BeNull();

        var tags = (await services.GetRequiredService<IRegistryStorage>().ListTagsAsync("two-platforms", _cancellation))!;
        tags.Select(tag => tag.Name).Should().Equal("2.0", "2.1", "child-amd64", "child-arm64");
        tags.Should().OnlyContain(tag => tag.Digest!.StartsWith("sha256:") && tag.PushedAt != null);
        (await services.GetRequiredService<IRegistryStorage>().ListTagsAsync("none", _cancellation)).Should().BeNull();
    }

    private int RequestsOf(string name) => _proxy.Paths.Count(path => ((string[])["tags", "manifests", "blobs"]).Any(part => path.StartsWith($"/v2/{name}/{part}/", StringComparison.Ordinal)));

    private ServiceProvider Services()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("registry", _proxy.Url), new("storage_path", _registry.RootDirectory)]).Build();
        return new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddRegistryClient(configuration).AddRegistryStorage(configuration).BuildServiceProvider();
    }

    private async Task<List<Repository>> ReadAsync(IRegistrySource source, List<Repository>? stored = null)
    {
        var found = await source.ReadAsync(stored: stored is null ? null : (name, _) => Task.FromResult(stored.Find(repository => repository.Name == name)), cancellationToken: _cancellation).ToListAsync(_cancellation);
        found.Should().OnlyContain(repository => repository.Problem == null && repository.IsCertain);
        return [.. found.Select(repository => repository.Repository).OrderBy(repository => repository.Name, StringComparer.Ordinal)];
    }

    private async Task<long> SizeAsync(string name, string tag)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Accept", HandMadeImages.ManifestType);
        var manifest = System.Text.Json.Nodes.JsonNode.Parse(await client.GetStringAsync(new Uri($"http://{_registry.Address}/v2/{name}/manifests/{tag}"), _cancellation))!;
        return manifest["config"]!["size"]!.GetValue<long>() + manifest["layers"]!.AsArray().Sum(layer => layer!["size"]!.GetValue<long>());
    }

    private static Repository WithoutPush(Repository repository) => new(repository.Name, repository.Description, repository.Facts! with { PushedAt = null });
}
