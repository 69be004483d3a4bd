namespace RegistryIndex.Storage.Tests;

public sealed class DistributionLayoutTests : IDisposable
{
    private readonly DistributionTree _tree = new();

    [Fact]
    public async Task Names_of_any_depth_are_found()
    {
        _tree.Add("one");
        _tree.Add("one-more/two");
        _tree.Add("a/b/c/d/e/f");
        (await _tree.ReadAsync()).Select(r => r.Name).Should().Equal("a/b/c/d/e/f", "one", "one-more/two");
    }

    [Fact]
    public async Task A_repository_below_another_is_found()
    {
        _tree.Add("team/shop", "outer");
        _tree.Add("team/shop/web", "inner");
        (await _tree.ReadAsync()).Should().Equal(new("team/shop", "outer"), new Repository("team/shop/web", "inner"));
    }

    [Fact]
    public async Task The_order_is_by_segment_with_a_repository_before_those_below_it()
    {
        string[] inOrder = ["B", "a", "team", "team/x", "team/x/y", "team-b", "team.c", "team_d", "teams"];
        foreach (var name in inOrder.Reverse())
            _tree.Add(name);
        (await _tree.ReadAsync()).Select(r => r.Name).Should().Equal(inOrder);
    }

    [Fact]
    public async Task Capital_letters_are_kept()
    {
        _tree.Add("Legacy/CRM");
        _tree.Add("legacy/crm");
        (await _tree.ReadAsync()).Select(r => r.Name).Should().Equal("Legacy/CRM", "legacy/crm");
    }

    [Fact]
    public async Task An_invalid_name_is_passed_to_the_import_which_refuses_and_reports_it()
    {
        _tree.Add(".hidden-");
        (await _tree.ReadAsync()).Should().ContainSingle().Which.FindProblem().Should().NotBeNull();
    }

    [Fact]
    public async Task Only_names_with_a_leading_underscore_belong_to_the_registry()
    {
        _tree.Add("team/_uploads/inside");
        _tree.Add("team/a_b__c");
        _tree.Add("uploads/layers/manifests");
        (await _tree.ReadAsync()).Select(r => r.Name).Should().Equal("team/a_b__c", "uploads/layers/manifests");
    }

    [Fact]
    public async Task Files_between_the_repositories_are_ignored()
    {
        _tree.Add("team/web");
        await File.WriteAllTextAsync(Path.Combine(_tree.Repositories, ".DS_Store"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_tree.Repositories, "team", "README"), "", TestContext.Current.CancellationToken);
        (await _tree.ReadAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task The_remains_of_a_delete_are_not_a_repository()
    {
        _tree.Add("gone");
        Directory.Delete(Path.Combine(_tree.Repositories, "gone/_manifests/tags/latest"), recursive: true);
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "gone/_manifests/revisions/sha256"));
        _tree.Add("gone/but-not-this");
        (await _tree.ReadAsync()).Select(r => r.Name).Should().Equal("gone/but-not-this");
    }

    [Fact]
    public async Task A_push_that_ended_before_its_tag_is_not_a_repository()
    {
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "pushing/_uploads"));
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "pushed/_manifests/revisions"));
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "tagging/_manifests/tags/latest/index/sha256"));
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "nearly/_manifests/tags/latest/current"));
        (await _tree.ReadAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_tag_latest_provides_the_description()
    {
        _tree.Add("web", "of latest");
        _tree.Add("web", "of 2.0", "2.0");
        (await _tree.ReadAsync()).Should().Equal(new Repository("web", "of latest"));
    }

    [Fact]
    public async Task Without_latest_the_highest_release_provides_the_description_not_the_newest()
    {
        _tree.Tag("web", "3.0-rc1", _tree.Blob(_tree.Manifest("of 3.0-rc1")));
        _tree.Tag("web", "1.9", _tree.Blob(_tree.Manifest("of 1.9")), new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _tree.Tag("web", "2.0", _tree.Blob(_tree.Manifest("of 2.0")), new DateTime(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "web/_manifests/tags/latest")); // deleted: no current link
        (await _tree.ReadAsync()).Should().Equal(new Repository("web", "of 2.0"));
    }

    [Fact]
    public async Task A_registry_whose_repositories_were_all_deleted_is_empty()
    {
        (await _tree.ReadAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_linked_directory_is_followed()
    {
        _tree.Add("elsewhere/web", "on another disk");
        Directory.CreateSymbolicLink(Path.Combine(_tree.Repositories, "team"), Path.Combine(_tree.Repositories, "elsewhere"));
        (await _tree.ReadAsync()).Should().Equal(new("elsewhere/web", "on another disk"), new Repository("team/web", "on another disk"));
    }

    [Fact]
    public async Task A_repository_with_only_signatures_and_caches_exists_without_a_description()
    {
        _tree.Add("signed", "of the signature", $"sha256-{new string('a', 64)}.sig");
        _tree.Add("cached", "of the cache", "buildcache");
        (await _tree.ReadAsync()).Should().Equal(new("cached"), new Repository("signed"));
    }

    public void Dispose() => _tree.Dispose();
}
