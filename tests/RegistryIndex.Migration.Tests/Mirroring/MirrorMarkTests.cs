using RegistryIndex.Conformance;
using RegistryIndex.Migration.Tests.Moving;
using RegistryIndex.Testing;

namespace RegistryIndex.Migration.Tests.Mirroring;

/// <summary>A migration reads twice if mirrors write, and once if none does.</summary>
public sealed class MirrorMarkTests
{
    private readonly ReferenceIndex _source = new();
    private readonly ReferenceIndex _target = new();
    private int _scans;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mirror_marks_the_secondary_once_before_the_first_write()
    {
        await using var mirrors = new Mirrors();
        string? first = null;
        await using (var mirror = await mirrors.OpenAsync(_source, _target))
            await Eventually.BeAsync(async () => (first = await _target.ReadMarkAsync(MirrorMark.Name, Stop)) is not null);

        await using var other = await mirrors.OpenAsync(_source, _target);
        await other.UpsertAsync(new("app"), Stop);
        await Mirrors.CaughtUpAsync(other);
        (await _target.ReadMarkAsync(MirrorMark.Name, Stop)).Should().Be(first);
        (await _source.ReadMarkAsync(MirrorMark.Name, Stop)).Should().BeNull("other programs write to the primary");
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1 + 5)]
    public async Task A_source_is_read_a_second_time_only_if_mirrors_write(bool isMirrored, int scans)
    {
        foreach (var i in Enumerable.Range(0, 20))
            await _source.UpsertAsync(new($"app/{i:d2}"), Stop);
        if (isMirrored)
            await MirrorMark.SetAsync(_source, _target, TimeProvider.System, Stop);
        await MigrateAsync(_target);
        _scans.Should().Be(scans);
        (await ListAsync(_target)).Should().Equal(await ListAsync(_source));
    }

    [Fact]
    public async Task A_mirror_that_starts_during_the_import_of_a_batch_is_not_overwritten()
    {
        foreach (var name in new[] { "app/a", "app/b", "app/c" })
            await _source.UpsertAsync(new(name, "old"), Stop);
        await using var mirrors = new Mirrors();
        var late = new JitteryIndex(_target, 2)
        {
            BeforeImport = async () =>
            {
                await using var begun = await mirrors.OpenAsync(_source, _target);
                await begun.DeleteAsync("app/a", Stop);
                await begun.UpsertAsync(new("app/b", "new"), Stop);
                await Mirrors.CaughtUpAsync(begun);
            },
        };
        (await MigrateAsync(late)).Repeated.Should().Be(2);
        (await ListAsync(_target)).Should().Equal(new Repository("app/b", "new"), new Repository("app/c", "old"));
    }

    private async Task<MigrationResult> MigrateAsync(IRegistryIndex target)
    {
        var counted = Migrations.SourceOf(new CountedScans(_source, () => _scans++));
        return await (await Migrations.TakeAsync(counted, target)).RunAsync(delete: false, Stop);
    }

    private static async Task<List<Repository>> ListAsync(ReferenceIndex index) => await index.ListAsync(cancellationToken: Stop).ToListAsync(Stop);

    /// <summary>Counts how often an index is scanned.</summary>
    private sealed class CountedScans(IRegistryIndex inner, Action count) : DelegatingIndex(inner), IRegistryIndex
    {
        public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default)
        {
            count();
            return Inner.ScanAsync(after, most, cancellationToken);
        }
    }
}
