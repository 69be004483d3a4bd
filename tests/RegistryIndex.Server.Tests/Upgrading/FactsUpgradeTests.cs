using System.Text.RegularExpressions;
using RegistryIndex.Conformance;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Upgrading;

/// <summary>Indexes of released programs without facts.</summary>
public sealed partial class FactsUpgradeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task An_old_index_can_be_listed_by_push_at_once_and_gets_facts_with_each_write(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name);
        var index = await old.OpenAsync();
        index.Capabilities.Should().HaveFlag(IndexCapabilities.Facts).And.HaveFlag(IndexCapabilities.OrderByPush);
        var expected = old.Answers.Repositories.ToDictionary(repository => repository.Name, StringComparer.Ordinal);
        await ShouldBeInOrderAsync(index, expected.Values, name);

        List<Repository> written = [];
        foreach (var (repository, number) in expected.Values.Where(repository => repository.FindProblem() is null).Select((repository, number) => (repository, number)))
            written.Add(new(repository.Name, repository.Description, new() { Tag = "latest", PushedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddHours(number % 7) }));
        (await index.ImportAsync(written.ToAsyncEnumerable(), cancellationToken: Stop)).Updated.Should().Be(written.Count);
        foreach (var repository in written)
            expected[repository.Name] = repository;
        foreach (var opened in new[] { index, await old.OpenAsync() })
        {
            (await opened.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).InOrderOfNames().Should().Equal(expected.Values.InOrderOfNames());
            await ShouldBeInOrderAsync(opened, expected.Values, name);
        }
    }

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task The_next_re_sync_adds_the_facts_of_images_to_an_old_index(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name);
        await using var registry = await DockerRegistry.StartAsync();
        using var images = new HandMadeImages(registry.Address);
        var known = old.Answers.Repositories.Where(repository => PlainName().IsMatch(repository.Name)).Take(3).ToList();
        known.Should().HaveCount(3);
        foreach (var repository in known)
            await images.ImageAsync(repository.Name, "1.0", repository.Description is null ? null : [(HandMadeImages.Description, repository.Description)]);

        var sync = await old.RunAsync("sync", "--registry", $"http://{registry.Address}");
        sync.Stderr.Should().Contain("0 added, 3 updated, 0 removed").And.Contain("more than sync_max_deletions allows").And.NotContain("   at ");
        var index = await old.OpenAsync();
        foreach (var repository in known)
        {
            var stored = (await index.GetAsync(repository.Name, Stop))!;
            stored.Facts!.Should().Be(stored.Facts with { Tag = "1.0", TagCount = 1, Kind = ArtifactKind.Image, Platforms = ["linux/amd64"] });
            stored.Description.Should().Be(RepositoryDescription.FromIngest(repository.Description));
        }

        (await index.ListAsync(cancellationToken: Stop).CountAsync(Stop)).Should().Be(old.Answers.Repositories.Count);
    }

    [Theory]
    [MemberData(nameof(OldIndex.All), MemberType = typeof(OldIndex))]
    public async Task An_old_index_in_a_mirror_stores_facts(string release, string provider, string name)
    {
        await using var old = await OldIndex.LoadAsync(release, provider, name);
        await using var mirrors = new Mirrors();
        Repository pushed = new("team/pushed", "Pushed today", new() { Tag = "latest", PushedAt = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) });
        await using (var mirror = await mirrors.OpenAsync(new ReferenceIndex(), old.Open()))
        {
            mirror.Capabilities.Should().HaveFlag(IndexCapabilities.Facts);
            await mirror.UpsertAsync(pushed, Stop);
            await Mirrors.CaughtUpAsync(mirror);
        }

        (await (await old.OpenAsync()).GetAsync(pushed.Name, Stop)).Should().Be(pushed);
    }

    // Names that docker-registry takes.
    [GeneratedRegex(@"\A[a-z0-9]+(/[a-z0-9]+)*\z")]
    private static partial Regex PlainName();

    private static async Task ShouldBeInOrderAsync(IRegistryIndex index, IEnumerable<Repository> all, string name)
    {
        List<Repository> found = [];
        string? position = null;
        do
        {
            var page = await index.SearchAsync(new("", SearchRequest.MaxLimit, position, SearchOrder.Pushed), Stop);
            (found, position) = ([.. found, .. page.Repositories], page.Continuation);
        }
        while (position is not null);
        if (name.EndsWith("utf16", StringComparison.Ordinal))
            found.InOrderOfNames().Should().Equal(all.InOrderOfNames()); // SQLite compares names by UTF-16 code units there
        else
            found.Should().Equal(all.OrderBy(PushOrder.KeyOf));
    }
}
