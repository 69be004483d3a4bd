using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Conformance;
using RegistryIndex.Testing;

namespace RegistryIndex.Migration.Tests.Moving;

/// <summary>Where a migration continues, and what it still knows.</summary>
public sealed class ResumeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resumed_migration_continues_after_the_migrated_rows_and_keeps_the_count_of_refused_ones()
    {
        var (source, target) = (new ReferenceIndex(), new ReferenceIndex());
        var rows = Enumerable.Range(0, 50).Select(i => i == 3 ? new Repository("app/03 bad!") : new Repository($"app/{i:d2}")).OrderBy(row => row.Name, CodePointOrder.Comparer).ToList();
        var begins = new List<string?>();
        var from = Migrations.SourceOf(new ListedIndex(source, rows, begins));
        foreach (var row in rows.Where(row => row.FindProblem() is null))
            await source.UpsertAsync(row, Stop);
        var flaky = new JitteryIndex(target, 1);

        var refused = new List<string>();
        flaky.ImportFailure = name => name == "app/30" ? new RegistryIndexException("far", "import", "gone.", mayRetry: true) : null;
        var first = await NewAsync();
        await FluentActions.Awaiting(() => first.RunAsync(delete: false, Stop)).Should().ThrowAsync<RegistryIndexException>();
        flaky.ImportFailure = null;
        var second = await NewAsync();
        (await second.RunAsync(delete: false, Stop)).Result.Refused.Should().Be(0, "refused rows are not read again");
        begins.Should().HaveCount(2);
        begins[1].Should().NotBeNull();
        refused.Should().Equal("app/03 bad!");
        var mark = await target.ReadMarkAsync(MigrationMark.Name, Stop);
        mark.Should().Contain("\"refused\":1").And.Contain("\"moved\":50").And.Contain("\"isDone\":true");
        (await target.ListAsync(cancellationToken: Stop).CountAsync(Stop)).Should().Be(49);

        async Task<IndexMigration> NewAsync() =>
            await Migrations.TakeAsync(from, flaky, one => refused.Add(one.Repository.Name));
    }

    [Fact]
    public async Task A_cancelled_migration_stores_the_position_of_all_migrated_rows()
    {
        var (source, target) = (new ReferenceIndex(), new ReferenceIndex());
        foreach (var i in Enumerable.Range(0, 50))
            await source.UpsertAsync(new($"app/{i:d2}"), Stop);
        var from = Migrations.SourceOf(source);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var flaky = new JitteryIndex(target, 3) { ImportFailure = name => name == "app/33" ? CancelAndSay(cancelled) : null };
        // With a clock that stands still, no position is stored on the way.
        var mark = await MigrationMark.TakeAsync(flaky, from.Location, new FakeTimeProvider(), Stop);
        var migration = new IndexMigration(from, flaky, mark) { Preference = new SmallBatches() };
        await FluentActions.Awaiting(() => migration.RunAsync(delete: false, cancelled.Token)).Should().ThrowAsync<OperationCanceledException>();
        migration.Position.Moved.Should().BeGreaterThan(20);
        (await MigrationMark.FindBegunAsync(target, from.Location, Stop)).Should().Be(migration.Position);
        var stored = await target.ListAsync(cancellationToken: Stop).Select(repository => repository.Name).ToListAsync(Stop);
        stored.Should().Contain((await source.ListAsync(cancellationToken: Stop).Select(repository => repository.Name).ToListAsync(Stop)).Take((int)migration.Position.Moved));

        static OperationCanceledException CancelAndSay(CancellationTokenSource source)
        {
            source.Cancel();
            return new(source.Token);
        }
    }

    [Fact]
    public async Task The_earlier_of_two_migrations_stops()
    {
        var (source, target) = (new ReferenceIndex(), new ReferenceIndex());
        foreach (var i in Enumerable.Range(0, 20))
            await source.UpsertAsync(new($"app/{i}"), Stop);
        var from = Migrations.SourceOf(source);
        var earlier = await Migrations.TakeAsync(from, target);
        var later = await Migrations.TakeAsync(from, target);
        await later.RunAsync(delete: false, Stop);
        await FluentActions.Awaiting(() => earlier.RunAsync(delete: false, Stop)).Should().ThrowAsync<RegistryIndexException>().WithMessage("*another migration*");
    }

    /// <summary>An index that lists rows that it would refuse, and records the starting positions of its complete lists.</summary>
    private sealed class ListedIndex(IRegistryIndex inner, List<Repository> rows, List<string?> begins) : DelegatingIndex(inner), IRegistryIndex
    {
        public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default)
        {
            if (most is null)
                begins.Add(after);
            return rows.Where(row => after is null || CodePointOrder.Comparer.Compare(row.Name, after) > 0).Take(most ?? int.MaxValue).ToAsyncEnumerable();
        }
    }
}
