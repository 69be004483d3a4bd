using CsCheck;
using RegistryIndex.Sources;
using RegistryIndex.Storage.Layouts;
using RegistryIndex.Storage.Trees;

using RegistryIndex.Testing;

namespace RegistryIndex.Storage.Tests;

public sealed class ResumeTests : IDisposable
{
    private static readonly string[] Names = ["B/c", "a", "a/b", "a/b/c/d", "a-b", "a-b/c", "a.b", "a0", "team", "team/x", "team/x/y", "team-b/x", "z"];
    private readonly DistributionTree _tree = new();

    [Fact]
    public async Task Reading_can_be_resumed_at_every_position()
    {
        foreach (var name in Names)
            _tree.Add(name, $"about {name}");
        var all = await ReadAsync();
        all.Select(stored => stored.Repository.Name).Should().Equal(Names);
        for (var i = 0; i < all.Count; i++)
            (await ReadAsync(all[i].Position)).Should().Equal(all.Skip(i + 1));
    }

    [Fact]
    public async Task A_position_stays_valid_after_its_repository_is_deleted()
    {
        foreach (var name in Names)
            _tree.Add(name);
        var all = await ReadAsync();
        foreach (var (i, stored) in all.Index())
        {
            var directory = Path.Combine(_tree.Repositories, stored.Repository.Name);
            Directory.Delete(Path.Combine(directory, "_manifests"), recursive: true);
            if (!Directory.EnumerateFileSystemEntries(directory).Any())
                Directory.Delete(directory);
            (await ReadAsync(stored.Position)).Should().Equal(all.Skip(i + 1));
        }
    }

    [Fact]
    public async Task Nothing_of_earlier_repositories_is_read_again()
    {
        foreach (var name in Names)
            _tree.Add(name);
        var position = (await ReadAsync()).Single(stored => stored.Repository.Name == "team/x").Position;
        var tree = new WatchedTree(new LocalTree(_tree.Path));
        await TestStorage.Of(tree).ReadAllAsync(position);
        tree.Files.Should().OnlyContain(path => path.Contains("/team/x/y/", StringComparison.Ordinal)
            || path.Contains("/team-b/", StringComparison.Ordinal) || path.Contains("/z/", StringComparison.Ordinal) || path.Contains("/blobs/", StringComparison.Ordinal));
        tree.Files.Where(path => path.EndsWith("/link", StringComparison.Ordinal)).Should().HaveCount(3);
        tree.Directories.Where(path => path.EndsWith("/repositories/a", StringComparison.Ordinal) || path.Contains("/a/", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public async Task Both_layouts_are_read_distribution_first_and_can_be_resumed()
    {
        _tree.Add("z", "new");
        Directory.CreateDirectory(Path.Combine(_tree.Path, "repositories/a/b"));
        await File.WriteAllTextAsync(Path.Combine(_tree.Path, "repositories/a/b/tag_latest"), "", TestContext.Current.CancellationToken);
        var all = await ReadAsync();
        all.Select(stored => stored.Repository.WithoutFacts()).Should().Equal(new("z", "new"), new Repository("a/b"));
        (await ReadAsync(all[0].Position)).Should().Equal(all[1]);
        (await ReadAsync(all[1].Position)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("team/x")]
    [InlineData("zot:team/x")]
    [InlineData(":")]
    public async Task An_invalid_position_is_refused(string position)
    {
        var reading = () => ReadAsync(position);
        (await reading.Should().ThrowAsync<ArgumentException>()).WithMessage($"'{position}' is not a position*read from the start.");
    }

    [Fact]
    public void Paths_have_the_order_of_their_lists_of_segments()
    {
        string[] segments = ["a", "b", "-", "a-", "a.b", "!", "é", "A", "aa"];
        var path = Gen.Int[0, segments.Length - 1].Select(i => segments[i]).Array[1, 4];
        Gen.Select(path, path).Sample((left, right) =>
        {
            var expected = left.Zip(right, string.CompareOrdinal).FirstOrDefault(order => order != 0, left.Length - right.Length);
            return Math.Sign(PathOrder.Compare(string.Join('/', left), string.Join('/', right))) == Math.Sign(expected);
        });
    }

    public void Dispose() => _tree.Dispose();

    private Task<List<StoredRepository>> ReadAsync(string? after = null) => _tree.Storage.ReadAllAsync(after);
}
