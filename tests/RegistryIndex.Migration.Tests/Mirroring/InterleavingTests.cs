using RegistryIndex.Conformance;
using RegistryIndex.Migration.Tests.Moving;
using RegistryIndex.Testing;

namespace RegistryIndex.Migration.Tests.Mirroring;

/// <summary>Writers on several servers, migrations and kills in random order. At the end, both indexes are equal.</summary>
public sealed class InterleavingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_any_order_of_writes_mirrors_and_migrations_both_indexes_are_equal_at_the_end()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var (primary, secondary) = (new ReferenceIndex(), new ReferenceIndex());
            var random = new Random(seed);
            for (var i = 0; i < 12; i++)
                await primary.UpsertAsync(Any(random), Stop);
            await RunAsync(seed, primary, secondary, random);
            var expected = await primary.ListAsync(cancellationToken: Stop).ToListAsync(Stop);
            (await secondary.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().Equal(expected, "of seed {0}", seed);
        }
    }

    // Two servers, each with a mirror of its own on the same two stores, and two migrations, one after the other. In half of the runs,
    // the first migration is running when the mirrors start.
    private static async Task RunAsync(int seed, ReferenceIndex primary, ReferenceIndex secondary, Random random)
    {
        await using var mirrors = new Mirrors();
        var (from, to) = (new JitteryIndex(primary, seed), new JitteryIndex(secondary, seed + 1));
        var isFirst = seed % 2 == 0;
        var migrations = isFirst ? MigrateAsync(from, to) : null;
        for (var i = random.Next(30); isFirst && i > 0; i--)
            await Task.Yield();
        await using var one = await mirrors.OpenAsync(from, to);
        await using var other = await mirrors.OpenAsync(from, to);
        var work = new List<Task>();
        foreach (var mirror in new[] { one, other, one, other })
        {
            var own = new Random(random.Next());
            work.Add(Task.Run(async () =>
            {
                for (var i = 0; i < 25; i++)
                {
                    if (own.Next(3) == 0)
                        await mirror.DeleteAsync(Any(own).Name, Stop);
                    else if (own.Next(8) == 0)
                        await mirror.ImportAsync(Enumerable.Range(0, 4).Select(_ => Any(own)).ToAsyncEnumerable(), cancellationToken: Stop);
                    else
                        await mirror.UpsertAsync(Any(own), Stop);
                }
            }, Stop));
        }

        work.Add(migrations ?? MigrateAsync(from, to));
        await Task.WhenAll(work);
        await Mirrors.CaughtUpAsync(one);
        await Mirrors.CaughtUpAsync(other);
    }

    private static Task MigrateAsync(JitteryIndex from, JitteryIndex to) => Task.Run(
        async () =>
        {
            for (var i = 0; i < 2; i++)
                await (await Migrations.TakeAsync(Migrations.SourceOf(from), to)).RunAsync(delete: false, Stop);
        }, Stop);

    private static Repository Any(Random random) => new($"app/{(char)('a' + random.Next(12))}", random.Next(4) == 0 ? null : $"text {random.Next(5)}");
}
