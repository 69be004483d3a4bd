namespace RegistryIndex.Storage.Tests;

/// <summary>One repository, read as after an event.</summary>
public sealed class FindTests : IDisposable
{
    private readonly DistributionTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task A_repository_found_by_name_equals_the_one_in_the_list()
    {
        _tree.Add("team/app", "There");
        _tree.Add("team/app/web");
        foreach (var walked in await _tree.Storage.ReadAllAsync())
            ((await _tree.Storage.FindAsync(walked.Repository.Name))! with { Tags = null }).Should().Be(walked, "only a look-up says the tags");
    }

    [Fact]
    public async Task A_repository_without_a_tag_does_not_exist()
    {
        _tree.Add("team/app/web");
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "gone", "_manifests", "tags"));
        (await _tree.Storage.FindAsync("gone")).Should().BeNull();
        (await _tree.Storage.FindAsync("team")).Should().BeNull();
        (await _tree.Storage.FindAsync("never")).Should().BeNull();
    }

    [Fact]
    public async Task In_an_unmounted_storage_the_existence_of_a_repository_is_unknown()
    {
        _tree.Add("app");
        var storage = _tree.Storage;
        Directory.Delete(Path.Combine(_tree.Path, "docker"), recursive: true);
        await FluentActions.Awaiting(() => storage.FindAsync("app")).Should().ThrowAsync<StorageException>();
    }

    [Theory]
    [InlineData("")]
    [InlineData("team")]
    [InlineData("team/app")]
    [InlineData("team/app/web")]
    public async Task With_an_empty_directory_in_its_place_the_existence_of_a_repository_is_unknown(string mountPoint)
    {
        _tree.Add("team/app/web");
        if (mountPoint.Length > 0)
            _tree.Add("other");
        var directory = Path.Combine(_tree.Repositories, mountPoint);
        Directory.Delete(directory, recursive: true);
        Directory.CreateDirectory(directory);
        (await FluentActions.Awaiting(() => _tree.Storage.FindAsync("team/app/web")).Should().ThrowAsync<StorageException>())
            .WithMessage($"*repositories{(mountPoint.Length > 0 ? "/" + mountPoint : "")}' in *is empty*mount the disk*");
        if (mountPoint.Length > 0)
            (await _tree.Storage.FindAsync("never/there")).Should().BeNull();
    }

    [Theory]
    [InlineData("../app")]
    [InlineData("app/_manifests")]
    [InlineData("")]
    public async Task An_invalid_name_never_becomes_a_path(string name) =>
        await FluentActions.Awaiting(() => _tree.Storage.FindAsync(name)).Should().ThrowAsync<ArgumentException>();

    [Theory]
    [InlineData("library/ubuntu", "library/ubuntu")]
    [InlineData("a/b/c", "a/b%252Fc")]
    [InlineData("a/b/c", "a/b%2Fc")]
    public async Task In_the_layout_of_the_Python_registry_deeper_names_are_quoted(string name, string directory)
    {
        Directory.CreateDirectory(Path.Combine(_tree.Path, "repositories", directory));
        File.WriteAllText(Path.Combine(_tree.Path, "repositories", directory, "_index_images"), "[]");
        (await _tree.Storage.FindAsync(name))!.Repository.Name.Should().Be(name);
        (await _tree.Storage.FindAsync("library/none")).Should().BeNull();
        (await _tree.Storage.FindAsync("ubuntu")).Should().BeNull();
    }
}
