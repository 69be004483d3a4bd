namespace RegistryIndex.Storage.Tests;

public sealed class FactsTests : IDisposable
{
    private const string Name = "team/app";
    private readonly DistributionTree _tree = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task The_facts_of_a_deleted_tag_are_removed_although_its_signature_is_still_there()
    {
        _tree.Add(Name, "Said");
        _tree.Tag(Name, $"sha256-{new string('a', 64)}.sig", _tree.Blob(_tree.Manifest()));
        var stored = await FindAsync();
        stored.Facts!.Tag.Should().Be("latest");
        Directory.Delete(Path.Combine(_tree.Repositories, Name, "_manifests", "tags", "latest"), recursive: true);

        (await FindAsync(stored)).WriteOver(stored).Result.Should().Be(new Repository(Name, facts: new() { TagCount = 0, PushedAt = stored.Facts.PushedAt }));
    }

    [Fact]
    public async Task A_time_of_a_tag_that_is_far_in_the_future_is_not_known()
    {
        var digest = _tree.Blob(_tree.Manifest());
        var time = DateTime.UtcNow;
        foreach (var (written, isKnown) in (IEnumerable<(DateTime, bool)>)[(time.AddYears(70), false), (time.AddMinutes(10), false), (time.AddMinutes(2), true)])
        {
            _tree.Tag(Name, "latest", digest, written);
            ((await FindAsync()).Facts!.PushedAt is not null).Should().Be(isKnown);
            ((await _tree.Storage.ListTagsAsync(Name, _cancellation))!.Single().PushedAt is not null).Should().Be(isKnown);
        }
    }

    [Fact]
    public async Task The_facts_of_an_index_that_lacks_an_image_are_those_of_the_next_one()
    {
        var (missing, there) = (_tree.Blob(_tree.Manifest(label: "missing")), _tree.Blob(_tree.Manifest(label: "there")));
        Remove(missing);
        _tree.Tag(Name, "latest", _tree.Blob(Index(missing, there)));
        var found = await FindAsync();
        found.Description.Should().Be("Of the index");
        found.Facts!.Size.Should().Be(1);
    }

    [Fact]
    public async Task The_facts_of_an_index_are_complete_as_soon_as_its_image_arrives()
    {
        var manifest = _tree.Manifest();
        var image = _tree.Blob(manifest);
        Remove(image);
        _tree.Tag(Name, "latest", _tree.Blob(Index(image)));
        var before = await FindAsync();
        before.Facts!.Size.Should().BeNull();

        _tree.Blob(manifest);
        (await FindAsync(before)).Facts!.Size.Should().Be(1);
    }

    private static string Index(params string[] images) => $$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","annotations":{{DistributionTree.Described("Of the index")}},
         "manifests":[{{string.Join(',', images.Select(image => $$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{image}}"}"""))}}]}
        """;

    private async Task<Repository> FindAsync(Repository? stored = null) => (await _tree.Storage.FindAsync(Name, stored, _cancellation))!.Repository;

    private void Remove(string digest) =>
        File.Delete(Path.Combine(_tree.Path, "docker", "registry", "v2", "blobs", "sha256", digest[7..9], digest[7..], "data"));
}
