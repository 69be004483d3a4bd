using RegistryIndex.Conformance;
using RegistryIndex.Testing;

namespace RegistryIndex.Migration.Tests.Comparing;

/// <summary>What counts as a difference while a mirror is behind.</summary>
public sealed class ComparisonTests
{
    private readonly ReferenceIndex _from = new();
    private readonly ReferenceIndex _to = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public async Task A_repository_that_a_mirror_copies_late_is_not_a_difference(int asks)
    {
        foreach (var i in Enumerable.Range(0, 10))
            await _from.UpsertAsync(new($"app/{i}", "new"), Stop);
        await _to.UpsertAsync(new("app/0", "old"), Stop);
        await _to.UpsertAsync(new("app/gone", "deleted"), Stop);
        var lagging = new Watched(_to) { Asked = asked => asked % asks == 0 ? BringOneAsync() : Task.CompletedTask };
        (await FindAsync(lagging, isMirrored: true)).Should().BeEmpty();
        (await _to.ListAsync(cancellationToken: Stop).CountAsync(Stop)).Should().Be(10);

        async Task BringOneAsync()
        {
            await foreach (var repository in _from.ListAsync(cancellationToken: Stop))
            {
                if (await _to.GetAsync(repository.Name, Stop) == repository)
                    continue;
                await _to.UpsertAsync(repository, Stop);
                return;
            }

            await _to.DeleteAsync("app/gone", Stop);
        }
    }

    [Fact]
    public async Task A_repository_that_is_written_constantly_and_copied_is_not_a_difference()
    {
        await _from.UpsertAsync(new("hot", "0"), Stop);
        await _to.UpsertAsync(new("hot", "before"), Stop);
        var written = 0;
        var lagging = new Watched(_to)
        {
            Asked = async _ =>
            {
                await _to.UpsertAsync(new("hot", $"{written}"), Stop);
                await _from.UpsertAsync(new("hot", $"{++written}"), Stop);
            },
        };
        (await FindAsync(lagging, isMirrored: true)).Should().BeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_repository_that_is_not_copied_is_a_difference_after_one_wait(bool isMirrored)
    {
        foreach (var i in Enumerable.Range(0, 5_000))
            await _from.UpsertAsync(new($"app/{i:d4}"), Stop);
        foreach (var i in new[] { 1, 4_900 })
            await _to.UpsertAsync(new($"app/{i:d4}", "other"), Stop);
        var watched = new Watched(_to);
        (await FindAsync(watched, isMirrored)).Should().HaveCount(5_000);
        (watched.AsksOf("app/0001"), watched.AsksOf("app/4900")).Should().Be((isMirrored ? 33 : 3, 3));
    }

    [Fact]
    public async Task A_repository_that_changes_without_following_is_a_difference()
    {
        await _from.UpsertAsync(new("app", "mine"), Stop);
        await _to.UpsertAsync(new("app", "0"), Stop);
        var changing = new Watched(_to) { Asked = asked => _to.UpsertAsync(new("app", $"{asked}"), Stop) };
        (await FindAsync(changing, isMirrored: true)).Should().ContainSingle();
    }

    private async Task<List<RepositoryDifference>> FindAsync(IRegistryIndex to, bool isMirrored) =>
        await new IndexComparison(_from, to, new InstantTime()) { IsMirrored = isMirrored }.FindAsync(Stop).ToListAsync(Stop);

    /// <summary>An index that tells a test when a name is read.</summary>
    private sealed class Watched(ReferenceIndex inner) : DelegatingIndex(inner)
    {
        private readonly Dictionary<string, int> _asks = new(StringComparer.Ordinal);
        private int _asked;

        public Func<int, Task> Asked { get; init; } = _ => Task.CompletedTask;

        public int AsksOf(string name) => _asks.GetValueOrDefault(name);

        public override async Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default)
        {
            lock (_asks)
            {
                _asks[name] = AsksOf(name) + 1;
                _asked++;
            }

            await Asked(_asked);
            return await Inner.GetAsync(name, cancellationToken);
        }
    }
}
