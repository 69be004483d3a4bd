using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Testing;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class ImportingMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("stops at the first bad repository", "an-import-goes-on-after-a-refused-repository", index => Of(index, stream => stream.TakeWhile(r => r.FindProblem() is null))),
        new("ignores bad repositories", "an-import-goes-on-after-a-refused-repository", index => Of(index, stream => stream.Where(r => r.FindProblem() is null))),
        new("fails at the first bad repository", "an-import-goes-on-after-a-refused-repository", index => Of(index, stream => stream.Select(r =>
        {
            r.ThrowIfRefused();
            return r;
        }))),
        new("counts bad repositories and does not report them", "an-import-goes-on-after-a-refused-repository", index => new AlteredIndex(index) { Import = (stream, options, cancellation) => index.ImportAsync(stream, options with { Refused = null }, cancellation) }),
        new("reports a bad repository without the reason", "an-import-goes-on-after-a-refused-repository", index => new AlteredIndex(index)
        {
            Import = (stream, options, cancellation) => index.ImportAsync(stream, options with { Refused = row => options.Refused?.Invoke(row with { Reason = "refused" }) }, cancellation),
        }),
        new("fails when no callback for bad repositories is set", "an-import-goes-on-after-a-refused-repository", index => new AlteredIndex(index)
        {
            Import = (stream, options, cancellation) => index.ImportAsync(stream, options.Refused is null ? options with { Refused = _ => throw new InvalidOperationException("nobody to tell") } : options, cancellation),
        }),
        new("counts everything as added", "an-import-counts-what-it-did", index => Counting(index, result => new() { Added = result.Added + result.Updated + result.Unchanged, Refused = result.Refused })),
        new("does not count unchanged repositories", "an-import-counts-what-it-did", index => Counting(index, result => result with { Unchanged = 0 })),
        new("takes the last of two with one name before it validates it", "a-refused-repository-takes-no-good-one-with-it", index => Of(index, stream => stream.Reverse().DistinctBy(r => r.Name).Reverse())),
        new("counts its stream before it imports it", "a-stream-is-read-once", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                await stream.CountAsync(cancellation);
                return await index.ImportAsync(stream, options, cancellation);
            },
        }),
        new("does not dispose of its stream", "a-stream-is-read-once", index => new AlteredIndex(index)
        {
            Import = (stream, options, cancellation) => index.ImportAsync(Held(stream.GetAsyncEnumerator(cancellation)), options, cancellation),
        }),
        new("reports refused repositories from many threads", "refused-and-progress-are-told-one-at-a-time", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var telling = new List<Task>();
                var result = await index.ImportAsync(stream, options with { Refused = row => telling.Add(OnThreadAsync(() => options.Refused?.Invoke(row))) }, cancellation);
                await Task.WhenAll(telling);
                return result;
            },
        }),
        new("reports a portion before it writes it", "progress-tells-what-is-stored", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var result = ImportResult.None;
                await foreach (var portion in stream.Chunk(100).WithCancellation(cancellation))
                {
                    options.Progress?.Report(result += new ImportResult { Added = portion.Length });
                    await index.ImportAsync(portion.ToAsyncEnumerable(), options with { Progress = null }, cancellation);
                }

                return result;
            },
        }),
        new("keeps the first of two with one name", "the-later-of-two-with-one-name-wins", index => Of(index, stream => stream.DistinctBy(r => r.Name))),
        new("counts two with one name as one", "the-later-of-two-with-one-name-wins", index => Of(index, stream => stream.Reverse().DistinctBy(r => r.Name).Reverse())),
        new("deletes what the stream does not mention", "an-import-never-deletes", (index, store) => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var there = await stream.ToListAsync(cancellation);
                foreach (var repository in await index.ListAsync(cancellationToken: cancellation).ToListAsync(cancellation))
                {
                    if (there.TrueForAll(r => r.Name != repository.Name))
                        await index.DeleteAsync(repository.Name, cancellation);
                }

                return await index.ImportAsync(there.ToAsyncEnumerable(), options, cancellation);
            },
        }),
        new("loses the last portion when it is not full", "a-long-import-is-whole", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var result = ImportResult.None;
                await foreach (var portion in stream.Chunk(1_000).WithCancellation(cancellation))
                    result += await index.ImportAsync((portion.Length < 1_000 ? [] : portion).ToAsyncEnumerable(), options, cancellation);
                return result;
            },
        }),
        new("loses the rest of a portion with a bad repository", "a-long-import-is-whole", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var result = ImportResult.None;
                await foreach (var portion in stream.Chunk(25).WithCancellation(cancellation))
                    result += await index.ImportAsync(portion.Where((r, i) => i < 20 || r.FindProblem() is not null || portion.All(other => other.FindProblem() is null)).ToAsyncEnumerable(), options, cancellation);
                return result;
            },
        }),
        new("reads the whole stream first", "an-import-deals-with-its-stream-as-it-comes", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) => await index.ImportAsync((await stream.ToListAsync(cancellation)).ToAsyncEnumerable(), options, cancellation),
        }),
        new("reports no progress", "an-import-reports-its-progress-truly", index => new AlteredIndex(index) { Import = (stream, options, cancellation) => index.ImportAsync(stream, options with { Progress = null }, cancellation) }),
        new("reports the progress of each portion by itself", "an-import-reports-its-progress-truly", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var result = ImportResult.None;
                await foreach (var portion in stream.Chunk(200).WithCancellation(cancellation))
                    result += await index.ImportAsync(portion.ToAsyncEnumerable(), options, cancellation);
                return result;
            },
        }),
        new("treats a failed stream as ended", "an-import-that-was-stopped-can-be-run-again", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                try
                {
                    return await index.ImportAsync(stream, options, cancellation);
                }
                catch (FormatException)
                {
                    return ImportResult.None;
                }
            },
        }),
        new("refuses concurrent imports", "imports-at-once-agree-at-rest", index =>
        {
            var busy = 0;
            return new AlteredIndex(index)
            {
                Import = async (stream, options, cancellation) =>
                {
                    if (Interlocked.Increment(ref busy) > 1)
                        throw new RegistryIndexException(index.Provider, "import", "another import is running.", mayRetry: true);
                    await Eventually.BeAsync(() => Volatile.Read(ref busy) > 1);
                    var result = await index.ImportAsync(stream, options, cancellation);
                    Interlocked.Decrement(ref busy);
                    return result;
                },
            };
        }),
        new("always keeps descriptions", "an-import-replaces-descriptions", index => new AlteredIndex(index) { Import = (stream, options, cancellation) => index.ImportAsync(stream, options with { KeepDescriptions = true }, cancellation) }),
        new("never keeps descriptions", "an-import-keeps-descriptions-when-told-to", index => new AlteredIndex(index) { Import = (stream, options, cancellation) => index.ImportAsync(stream, options with { KeepDescriptions = false }, cancellation) }),
        new("with kept descriptions, stores no new ones", "an-import-keeps-descriptions-when-told-to", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var there = options.KeepDescriptions ? await index.ListAsync(cancellationToken: cancellation).ToDictionaryAsync(r => r.Name, cancellationToken: cancellation) : [];
                return await index.ImportAsync(stream.Select(r => there.GetValueOrDefault(r.Name, r)), options, cancellation);
            },
        }),
        new("imports rows that its search does not find", "an-import-counts-what-it-did", index =>
        {
            var own = new ReferenceIndex();
            return new AlteredIndex(index)
            {
                Upsert = async (r, cancellation) =>
                {
                    await own.UpsertAsync(r, cancellation);
                    return await index.UpsertAsync(r, cancellation);
                },
                Search = own.SearchAsync,
            };
        }),
    ];

    private static AlteredIndex Of(MemoryIndex index, Func<IAsyncEnumerable<Repository>, IAsyncEnumerable<Repository>> change) =>
        new(index) { Import = (stream, options, cancellation) => index.ImportAsync(change(stream), options, cancellation) };

    private static AlteredIndex Counting(MemoryIndex index, Func<ImportResult, ImportResult> count) =>
        new(index) { Import = async (stream, options, cancellation) => count(await index.ImportAsync(stream, options, cancellation)) };

    // A thread of its own, because the pool may have none that is free.
    private static Task OnThreadAsync(Action action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // Stops before the end of the stream, where it would be released, and never disposes it.
    private static async IAsyncEnumerable<Repository> Held(IAsyncEnumerator<Repository> stream)
    {
        while (await stream.MoveNextAsync())
        {
            yield return stream.Current;
            if (stream.Current.Name == "r0699")
                yield break;
        }
    }
}
