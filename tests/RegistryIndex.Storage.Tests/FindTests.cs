namespace RegistryIndex.Storage.Tests;

/// <summary>One repository, as events ask for it.</summary>
public sealed class FindTests : IDisposable
{
    private readonly DistributionTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task One_that_is_there_is_what_a_walk_says_of_it()
    {
        _tree.Add("team/app", "There");
        _tree.Add("team/app/web");
        foreach (var walked in await _tree.Storage.ReadAllAsync())
            (await _tree.Storage.FindAsync(walked.Repository.Name)).Should().Be(walked);
    }

    [Fact]
    public async Task One_without_a_tag_is_not_there()
    {
        _tree.Add("team/app/web");
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "gone", "_manifests", "tags"));
        (await _tree.Storage.FindAsync("gone")).Should().BeNull();
        (await _tree.Storage.FindAsync("team")).Should().BeNull();
        (await _tree.Storage.FindAsync("never")).Should().BeNull();
    }

    [Fact]
    public async Task In_a_storage_that_is_not_mounted_it_is_not_known()
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
    public async Task Where_an_empty_directory_is_in_its_place_or_above_its_disk_may_be_away_and_it_is_not_known(string mountPoint)
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
    public async Task A_name_that_breaks_the_grammar_is_never_made_into_a_path(string name) =>
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
