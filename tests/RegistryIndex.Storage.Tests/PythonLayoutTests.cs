using RegistryIndex.Sources;
using RegistryIndex.Storage.Trees;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Storage.Tests;

public sealed class PythonLayoutTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Repositories_are_always_two_levels_deep()
    {
        Put("library/ubuntu/tag_latest");
        Put("library/ubuntu/deeper/still/tag_latest");
        Put("tag_latest");
        Put("library/tag_latest");
        (await ReadAsync()).Should().Equal("library/ubuntu");
    }

    [Fact]
    public async Task A_directory_with_a_tag_or_an_index_of_images_is_a_repository()
    {
        Put("team/tagged/tag_1.0");
        Put("team/indexed/_index_images");
        Put("team/neither/json");
        Put("team/private/_private");
        Directory.CreateDirectory(Path.Combine(_directory.Path, "repositories/team/directory/tag_latest"));
        (await ReadAsync()).Should().Equal("team/indexed", "team/tagged");
    }

    [Fact]
    public async Task Deeper_names_are_quoted_twice()
    {
        Put("a/b%252Fc/tag_latest");
        Put("a/b%252Fd%252Fe/tag_latest");
        Put("a/50%25/tag_latest");
        (await ReadAsync()).Should().Equal("a/50%", "a/b/c", "a/b/d/e");
    }

    [Fact]
    public async Task There_are_no_descriptions()
    {
        Put("team/web/tag_latest");
        Put("team/web/json");
        (await Storage.ReadAllAsync()).Should().ContainSingle()
            .Which.Should().Match<StoredRepository>(stored => stored.Repository.WithoutFacts() == new Repository("team/web", null) && stored.Problem == null);
    }

    [Fact]
    public async Task Capital_letters_and_leading_underscores_are_kept()
    {
        Put("Team/Web/tag_latest");
        Put("_team/web/tag_latest");
        (await ReadAsync()).Should().Equal("Team/Web", "_team/web");
    }

    [Fact]
    public async Task Reading_resumes_by_the_names_in_the_storage()
    {
        string[] names = ["a/b%252Fc", "a/b-c", "a/bc", "a-b/x", "b/a"];
        foreach (var name in names)
            Put($"{name}/tag_latest");
        var all = await Storage.ReadAllAsync();
        all.Should().HaveCount(names.Length);
        for (var i = 0; i < all.Count; i++)
        {
            (await Storage.ReadAllAsync(all[i].Position))
                .Should().Equal(all.Skip(i + 1));
        }
    }

    public void Dispose() => _directory.Dispose();

    private RegistryStorage Storage => TestStorage.Of(new LocalTree(_directory.Path));

    private void Put(string path)
    {
        var file = Path.Combine(_directory.Path, "repositories", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
    }

    private async Task<List<string>> ReadAsync() => [.. (await Storage.ReadAllAsync()).Select(stored => stored.Repository.Name)];
}
