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
    public async Task A_repository_inside_another_is_found()
    {
        _tree.Add("team/shop", "outer");
        _tree.Add("team/shop/web", "inner");
        (await _tree.ReadAsync()).Should().Equal(new("team/shop", "outer"), new Repository("team/shop/web", "inner"));
    }

    [Fact]
    public async Task The_order_is_by_segment_with_a_repository_before_those_inside_it()
    {
        string[] inOrder = ["B", "a", "team", "team/x", "team/x/y", "team-b", "team.c", "team_d", "teams"];
        foreach (var name in inOrder.Reverse())
            _tree.Add(name);
        (await _tree.ReadAsync()).Select(r => r.Name).Should().Equal(inOrder);
    }

    [Fact]
    public async Task Capital_letters_stay_as_they_are()
    {
        _tree.Add("Legacy/CRM");
        _tree.Add("legacy/crm");
        (await _tree.ReadAsync()).Select(r => r.Name).Should().Equal("Legacy/CRM", "legacy/crm");
    }

    [Fact]
    public async Task A_name_that_breaks_the_grammar_is_left_to_the_import_to_refuse_and_report()
    {
        _tree.Add(".hidden-");
        (await _tree.ReadAsync()).Should().ContainSingle().Which.FindProblem().Should().NotBeNull();
    }

    [Fact]
    public async Task Only_names_that_begin_with_an_underscore_are_the_registrys_own()
    {
        _tree.Add("team/_uploads/inside");
        _tree.Add("team/a_b__c");
        _tree.Add("uploads/layers/manifests");
        (await _tree.ReadAsync()).Select(r => r.Name).Should().Equal("team/a_b__c", "uploads/layers/manifests");
    }

    [Fact]
    public async Task Files_between_the_repositories_are_passed_over()
    {
        _tree.Add("team/web");
        await File.WriteAllTextAsync(Path.Combine(_tree.Repositories, ".DS_Store"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_tree.Repositories, "team", "README"), "", TestContext.Current.CancellationToken);
        (await _tree.ReadAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task What_a_delete_leaves_behind_is_no_repository()
    {
        _tree.Add("gone");
        Directory.Delete(Path.Combine(_tree.Repositories, "gone/_manifests/tags/latest"), recursive: true);
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "gone/_manifests/revisions/sha256"));
        _tree.Add("gone/but-not-this");
        (await _tree.ReadAsync()).Select(r => r.Name).Should().Equal("gone/but-not-this");
    }

    [Fact]
    public async Task A_push_that_never_got_to_its_tag_is_no_repository()
    {
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "pushing/_uploads"));
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "pushed/_manifests/revisions"));
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "tagging/_manifests/tags/latest/index/sha256"));
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "nearly/_manifests/tags/latest/current"));
        (await _tree.ReadAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_tag_latest_speaks_for_its_repository()
    {
        _tree.Add("web", "of latest");
        _tree.Add("web", "of 2.0", "2.0");
        (await _tree.ReadAsync()).Should().Equal(new Repository("web", "of latest"));
    }

    [Fact]
    public async Task Without_latest_the_highest_release_speaks_for_it_whenever_it_was_written()
    {
        _tree.Tag("web", "3.0-rc1", _tree.Blob(_tree.Manifest("of 3.0-rc1")));
        _tree.Tag("web", "1.9", _tree.Blob(_tree.Manifest("of 1.9")), new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _tree.Tag("web", "2.0", _tree.Blob(_tree.Manifest("of 2.0")), new DateTime(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "web/_manifests/tags/latest")); // deleted: no current link
        (await _tree.ReadAsync()).Should().Equal(new Repository("web", "of 2.0"));
    }

    [Fact]
    public async Task A_registry_that_lost_all_its_repositories_is_empty()
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
    public async Task A_repository_that_has_only_tags_that_never_speak_is_there_without_a_description()
    {
        _tree.Add("signed", "of the signature", $"sha256-{new string('a', 64)}.sig");
        _tree.Add("cached", "of the cache", "buildcache");
        (await _tree.ReadAsync()).Should().Equal(new("cached"), new Repository("signed"));
    }

    public void Dispose() => _tree.Dispose();
}
