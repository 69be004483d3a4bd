using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class SizeMutants
{
    private const int Megabyte = 1_000_000;

    public static IEnumerable<Mutant> All { get; } =
    [
        new("lists only ten thousand", "a-large-index-is-listed-whole", index => new AlteredIndex(index) { List = (after, cancellation) => index.ListAsync(after, cancellation).Take(10_000) }),
        new("lists names that begin with the same 100 characters once", "a-large-index-is-listed-whole", index => new AlteredIndex(index)
        {
            List = (after, cancellation) => index.ListAsync(after, cancellation).DistinctBy(r => r.Name.Length > 100 ? r.Name[..100] : r.Name),
        }),
        new("continues a scan by the first 100 characters of a name", "a-large-index-is-listed-whole", index => new AlteredIndex(index)
        {
            Scan = (after, most, cancellation) => index.ListAsync(cancellationToken: cancellation).Where(r => after is null || string.CompareOrdinal(r.Name, 0, after, 0, 100) > 0).Take(most ?? int.MaxValue),
        }),
        new("counts up to ten thousand", "a-large-index-is-listed-whole", index => new AlteredIndex(index)
        {
            Status = async cancellation => await index.GetStatusAsync(cancellation) is var status && status.Repositories > 10_000 ? status with { Repositories = 10_000 } : status,
        }),
        new("finds only a thousand", "a-large-result-is-found-whole-and-in-order", index => EndingAfter(index, (rows, _) => rows == 1_000)),
        new("finds only a megabyte", "a-large-result-is-found-whole-and-in-order", index => EndingAfter(index, (_, bytes) => bytes > Megabyte)),
        new("ranks by the first 120 characters of a name", "a-large-result-is-found-whole-and-in-order", index => BruteForce.Ranking(index, (query, r) =>
            query.Rank(r) is { } key ? new RankKey(key.Tier, key.Text.Length > 120 ? key.Text[..120] : key.Text, r.Name) : null)),
        new("fails when the last portion of a stream is empty", "a-large-import-is-whole", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) => await index.ImportAsync(stream, options, cancellation) is var result && result.Total is > 0 and var total && total % 1_000 == 0
                ? throw new ArgumentException("An empty batch cannot be written.", nameof(stream))
                : result,
        }),
        new("writes ten portions of an import in any order", "a-large-import-is-whole", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var result = ImportResult.None;
                await foreach (var portions in stream.Chunk(1_000).Chunk(10).WithCancellation(cancellation))
                {
                    foreach (var portion in portions.Reverse())
                        result += await index.ImportAsync(portion.ToAsyncEnumerable(), options, cancellation);
                }

                return result;
            },
        }),
        new("keeps each row until its import ends", "an-import-lets-go-of-what-it-has-stored", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var rows = new List<Repository>();
                var result = await index.ImportAsync(stream.Select(r =>
                {
                    rows.Add(r);
                    return r;
                }), options, cancellation);
                GC.KeepAlive(rows);
                return result;
            },
        }),
        new("adopts only as many rows as fit in one statement", "thousands-of-a-predecessor-s-rows-are-adopted", (index, store) => new AlteredIndex(index)
        {
            Initialize = cancellation =>
            {
                store.Predecessor = [.. store.Predecessor.Take(2_100)];
                return index.InitializeAsync(cancellation);
            },
        }),
        new("adopts only a megabyte", "thousands-of-a-predecessor-s-rows-are-adopted", (index, store) => new AlteredIndex(index)
        {
            Initialize = cancellation =>
            {
                var bytes = 0;
                store.Predecessor = [.. store.Predecessor.TakeWhile(r => (bytes += 100 + (3 * r.Description?.Length ?? 0)) < Megabyte / 2)];
                return index.InitializeAsync(cancellation);
            },
        }),
    ];

    // Reports the end after a number of rows or bytes, counted over all pages.
    private static AlteredIndex EndingAfter(MemoryIndex index, Func<int, int, bool> isEnd)
    {
        var (rows, bytes) = (0, 0);
        return new(index)
        {
            Search = async (request, cancellation) =>
            {
                if (request.After is null)
                    (rows, bytes) = (0, 0);
                var page = await index.SearchAsync(request, cancellation);
                rows += page.Repositories.Count;
                bytes += page.Repositories.Sum(r => r.Name.Length + (3 * r.Description?.Length ?? 0));
                return isEnd(rows, bytes) ? page with { Continuation = null } : page;
            },
        };
    }
}
