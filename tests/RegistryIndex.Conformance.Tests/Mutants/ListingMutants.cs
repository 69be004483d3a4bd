using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class ListingMutants
{
    private const int Portion = 500;

    public static IEnumerable<Mutant> All { get; } =
    [
        new("lists in the order of insertion", "a-list-is-in-name-order", index =>
        {
            var names = new ConcurrentQueue<string>();
            return new AlteredIndex(index)
            {
                Upsert = (r, cancellation) =>
                {
                    names.Enqueue(r.Name);
                    return index.UpsertAsync(r, cancellation);
                },
                List = (after, cancellation) => index.ListAsync(after, cancellation).OrderBy(r => names.ToList().IndexOf(r.Name)),
            };
        }),
        new("lists without regard to case", "a-list-is-in-name-order", index => new AlteredIndex(index)
        {
            List = (after, cancellation) => index.ListAsync(after, cancellation).OrderBy(r => r.Name, StringComparer.OrdinalIgnoreCase),
        }),
        new("lists path by path", "a-list-is-in-name-order", index => new AlteredIndex(index)
        {
            List = (after, cancellation) => index.ListAsync(after, cancellation).OrderBy(r => r.Name.Replace('/', '\u0001'), StringComparer.Ordinal),
        }),
        new("begins a list with the text it should begin after", "a-list-begins-after-any-text", index => new AlteredIndex(index)
        {
            List = (after, cancellation) => index.ListAsync(cancellationToken: cancellation).Where(r => after is null || CodePointOrder.Comparer.Compare(r.Name, after) >= 0),
        }),
        new("begins from the start when the text is not a stored name", "a-list-begins-after-any-text", index => new AlteredIndex(index)
        {
            List = (after, cancellation) => Begin(index, after, cancellation),
        }),
        new("refuses to begin a list after a text that is not a name", "a-list-begins-after-any-text", index => new AlteredIndex(index)
        {
            List = (after, cancellation) => after is not null && RepositoryName.FindProblem(after) is { } problem ? throw new ArgumentException(problem, nameof(after)) : index.ListAsync(after, cancellation),
        }),
        new("ends a list after a thousand", "a-long-list-is-whole", index => new AlteredIndex(index) { List = (after, cancellation) => index.ListAsync(after, cancellation).Take(1_000) }),
        new("repeats the first of each further portion of a list", "a-long-list-is-whole", index => new AlteredIndex(index)
        {
            List = (after, cancellation) => index.ListAsync(after, cancellation).SelectMany((r, i) => (i > 0 && i % Portion == 0 ? [r, r] : (Repository[])[r]).ToAsyncEnumerable()),
        }),
        new("returns a list that can be enumerated only once", "a-list-can-be-stopped-and-begun-again", index => new AlteredIndex(index)
        {
            List = (after, cancellation) => new Once(index.ListAsync(after, cancellation)),
        }),
        new("returns a list of the time of the call", "a-list-can-be-stopped-and-begun-again", index => new AlteredIndex(index)
        {
            List = (after, cancellation) => new Kept(index.ListAsync(after, cancellation)),
        }),
        new("ends a limited list with its first portion", "a-list-of-so-many-is-the-beginning-of-the-list", index => new AlteredIndex(index)
        {
            ListSome = (after, most, cancellation) => index.ListAsync(after, cancellation).Take(Math.Min(most, Portion)),
        }),
        new("lists one more than requested", "a-list-of-so-many-is-the-beginning-of-the-list", index => new AlteredIndex(index)
        {
            ListSome = (after, most, cancellation) => index.ListAsync(after, cancellation).Take(most < 1 ? 0 : Math.Max(most, most + 1)),
        }),
        new("ignores where a limited list begins", "a-list-of-so-many-is-the-beginning-of-the-list", index => new AlteredIndex(index)
        {
            ListSome = (_, most, cancellation) => index.ListAsync(null, cancellation).Take(most),
        }),
        new("treats a limit of zero as no limit", "a-list-of-so-many-is-the-beginning-of-the-list", index => new AlteredIndex(index)
        {
            ListSome = (after, most, cancellation) => index.ListAsync(after, cancellation).Take(most < 1 ? int.MaxValue : most),
        }),
        new("rounds the limit up to a hundred", "a-list-of-so-many-is-the-beginning-of-the-list", index => new AlteredIndex(index)
        {
            ListSome = (after, most, cancellation) => index.ListAsync(after, cancellation).Take(most < 1 ? 0 : Math.Max(most, 100)),
        }),
        new("scans its first portion", "a-scan-is-whole-and-goes-on-where-it-ended", index => new AlteredIndex(index)
        {
            Scan = (after, most, cancellation) => index.ScanAsync(after, Math.Min(most ?? 1_000, 1_000), cancellation),
        }),
        new("scans from the beginning again", "a-scan-is-whole-and-goes-on-where-it-ended", index => new AlteredIndex(index)
        {
            Scan = (_, most, cancellation) => index.ScanAsync(null, most, cancellation),
        }),
        new("scans nothing after a deleted name", "a-scan-is-whole-and-goes-on-where-it-ended", index => new AlteredIndex(index)
        {
            Scan = (after, most, cancellation) => AfterOneThatIsThere(index, after, most, cancellation),
        }),
        new("repeats the repository where a scan continues", "a-scan-is-whole-and-goes-on-where-it-ended", index => new AlteredIndex(index)
        {
            Scan = (after, most, cancellation) => index.ScanAsync(after, most, cancellation).SelectMany((r, i) => (i == Portion ? [r, r] : (Repository[])[r]).ToAsyncEnumerable()),
        }),
        new("ignores the limit of a scan", "a-scan-is-whole-and-goes-on-where-it-ended", index => new AlteredIndex(index)
        {
            Scan = (after, _, cancellation) => index.ScanAsync(after, null, cancellation),
        }),
        new("lists by offset", "a-list-misses-and-repeats-nothing-while-others-write", index => new AlteredIndex(index) { List = (after, cancellation) => ByOffset(index, after, cancellation) }),
        new("counts marks and deleted repositories in its status", "the-status-counts-each-repository-once", index =>
        {
            var count = 0L;
            return new AlteredIndex(index)
            {
                Upsert = async (r, cancellation) =>
                {
                    var outcome = await index.UpsertAsync(r, cancellation);
                    count += outcome == UpsertOutcome.Added ? 1 : 0;
                    return outcome;
                },
                Status = async cancellation => await index.GetStatusAsync(cancellation) with { Repositories = count },
            };
        }),
        new("counts upserts in its status", "the-status-counts-each-repository-once", (index, store) => new AlteredIndex(index)
        {
            Status = async cancellation => await index.GetStatusAsync(cancellation) with { Repositories = store.Writes },
        }),
        new("always estimates a thousand", "the-status-counts-each-repository-once", index => new AlteredIndex(index)
        {
            Status = async cancellation => await index.GetStatusAsync(cancellation) with { Repositories = 1_000, IsEstimate = true },
        }),
        new("has no location in its status", "the-status-counts-each-repository-once", index => new AlteredIndex(index)
        {
            Status = async cancellation => await index.GetStatusAsync(cancellation) with { Location = "" },
        }),
        new("has another provider name in its status", "the-status-counts-each-repository-once", index => new AlteredIndex(index)
        {
            Status = async cancellation => await index.GetStatusAsync(cancellation) with { Provider = "other" },
        }),
    ];

    private static async IAsyncEnumerable<Repository> Begin(MemoryIndex index, string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var there = after is not null && await index.GetAsync(after, cancellation) is not null;
        await foreach (var repository in index.ListAsync(there ? after : null, cancellation))
            yield return repository;
    }

    private static async IAsyncEnumerable<Repository> AfterOneThatIsThere(MemoryIndex index, string? after, int? most, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (after is not null && await index.GetAsync(after, cancellation) is null)
            yield break;
        await foreach (var repository in index.ScanAsync(after, most, cancellation))
            yield return repository;
    }

    private static async IAsyncEnumerable<Repository> ByOffset(MemoryIndex index, string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var offset = 0; ; offset += Portion)
        {
            var portion = await index.ListAsync(after, cancellation).Skip(offset).Take(Portion).ToListAsync(cancellation);
            foreach (var repository in portion)
                yield return repository;
            if (portion.Count < Portion)
                yield break;
        }
    }

    private sealed class Once(IAsyncEnumerable<Repository> list) : IAsyncEnumerable<Repository>
    {
        private int _read;

        public IAsyncEnumerator<Repository> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            (Interlocked.Exchange(ref _read, 1) == 0 ? list : AsyncEnumerable.Empty<Repository>()).GetAsyncEnumerator(cancellationToken);
    }

    private sealed class Kept(IAsyncEnumerable<Repository> list) : IAsyncEnumerable<Repository>
    {
        private readonly Task<List<Repository>> _rows = list.ToListAsync().AsTask();

        public IAsyncEnumerator<Repository> GetAsyncEnumerator(CancellationToken cancellationToken = default) => Read(cancellationToken).GetAsyncEnumerator(cancellationToken);

        private async IAsyncEnumerable<Repository> Read([EnumeratorCancellation] CancellationToken cancellation)
        {
            foreach (var row in await _rows.WaitAsync(cancellation))
                yield return row;
        }
    }
}
