using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Testing;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class SharingMutants
{
    private static readonly ConditionalWeakTable<MemoryStore, StrongBox<int>> Importing = [];
    private static readonly ConditionalWeakTable<MemoryStore, ConcurrentDictionary<string, long>> Versions = [];

    public static IEnumerable<Mutant> All { get; } =
    [
        new("refuses an import during that of another process", "imports-in-several-processes-agree-at-rest", (index, store) =>
        {
            var busy = Importing.GetOrCreateValue(store);
            return new AlteredIndex(index)
            {
                Import = async (stream, options, cancellation) =>
                {
                    if (Interlocked.Increment(ref busy.Value) > 1)
                        throw new RegistryIndexException(index.Provider, "import", "another process imports.", mayRetry: true);
                    await Eventually.BeAsync(() => busy.Value > 1);
                    var result = await index.ImportAsync(stream, options, cancellation);
                    Interlocked.Decrement(ref busy.Value);
                    return result;
                },
            };
        }),
        new("counts repositories added by another process as added", "imports-in-several-processes-agree-at-rest", (index, store) =>
        {
            var begun = Importing.GetOrCreateValue(store);
            return new AlteredIndex(index)
            {
                Import = async (stream, options, cancellation) =>
                {
                    var there = await index.ListAsync(cancellationToken: cancellation).Select(r => r.Name).ToHashSetAsync(cancellationToken: cancellation);
                    Interlocked.Increment(ref begun.Value);
                    await Eventually.BeAsync(() => begun.Value == 3);
                    var added = 0L;
                    var result = await index.ImportAsync(stream.Select(r =>
                    {
                        added += there.Contains(r.Name) ? 0 : 1;
                        return r;
                    }), options, cancellation);
                    return result with { Added = added, Unchanged = result.Total - result.Updated - result.Refused - added };
                },
            };
        }),
        new("omits repositories that were written since the list began", "a-list-misses-nothing-while-rows-are-updated", (index, store) => Versioned(index, store, (name, since, written) => written.GetValueOrDefault(name) > since ? 0 : 1)),
        new("lists repositories again that are written during the list", "a-list-misses-nothing-while-rows-are-updated", (index, store) => Versioned(index, store, (name, since, written) => written.GetValueOrDefault(name) > since ? 2 : 1)),
        new("reads stored descriptions during the stream and writes them back at the end", "an-import-that-keeps-descriptions-takes-none-back", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var rows = new List<Repository>();
                await foreach (var r in stream.WithCancellation(cancellation))
                    rows.Add(options.KeepDescriptions && r.Description is null ? await index.GetAsync(r.Name, cancellation) ?? r : r);
                return await index.ImportAsync(rows.ToAsyncEnumerable(), options with { KeepDescriptions = false }, cancellation);
            },
        }),
        new("caches results until it writes itself", "a-search-sees-what-another-process-removed", index => Caching(index)),
        new("caches rows permanently", "a-search-sees-what-another-process-removed", index =>
        {
            var rows = new ConcurrentDictionary<string, Repository>();
            return new AlteredIndex(index)
            {
                Upsert = async (r, cancellation) =>
                {
                    rows.TryRemove(r.Name, out _);
                    return await index.UpsertAsync(r, cancellation);
                },
                Search = async (request, cancellation) =>
                {
                    var page = await index.SearchAsync(request, cancellation);
                    return page with { Repositories = [.. page.Repositories.Select(r => rows.GetOrAdd(r.Name, r))] };
                },
            };
        }),
        new("caches lists until it writes itself", "a-search-sees-what-another-process-removed", index =>
        {
            List<Repository>? listed = null;
            return new AlteredIndex(index)
            {
                Upsert = (r, cancellation) =>
                {
                    listed = null;
                    return index.UpsertAsync(r, cancellation);
                },
                List = (after, cancellation) => ListedAsync(after, cancellation),
            };

            async IAsyncEnumerable<Repository> ListedAsync(string? after, [EnumeratorCancellation] CancellationToken cancellation)
            {
                listed ??= await index.ListAsync(after, cancellation).ToListAsync(cancellation);
                foreach (var r in listed)
                    yield return r;
            }
        }),
        new("updates a repository by a delete and an insert", "a-reader-in-another-process-sees-what-is-whole", (index, store) => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) =>
            {
                await HalfDoneChange.Of(store).MakeAsync(() => index.DeleteAsync(r.Name, cancellation));
                return await index.UpsertAsync(r, cancellation);
            },
            Get = (name, cancellation) => HalfDoneChange.Of(store).ReadAsync(() => index.GetAsync(name, cancellation)),
            List = (after, cancellation) => HalfDoneChange.Of(store).ReadAsync(index.ListAsync(after, cancellation)),
        }),
        new("writes a description in two halves", "a-reader-in-another-process-sees-what-is-whole", (index, store) => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) =>
            {
                await HalfDoneChange.Of(store).MakeAsync(async () => await index.UpsertAsync(new(r.Name, r.Description?[..(r.Description.Length / 2)]), cancellation) == UpsertOutcome.Updated);
                return await index.UpsertAsync(r, cancellation);
            },
            Get = (name, cancellation) => HalfDoneChange.Of(store).ReadAsync(() => index.GetAsync(name, cancellation)),
            List = (after, cancellation) => HalfDoneChange.Of(store).ReadAsync(index.ListAsync(after, cancellation)),
            Search = (request, cancellation) => HalfDoneChange.Of(store).ReadAsync(() => index.SearchAsync(request, cancellation)),
        }),
        new("caches the results of gets for a while", "a-reader-in-another-process-sees-what-is-whole", index =>
        {
            var got = new ConcurrentDictionary<string, Repository?>();
            var gets = 0;
            return new AlteredIndex(index)
            {
                Get = async (name, cancellation) =>
                {
                    if (Interlocked.Increment(ref gets) % 100 == 0)
                        got.Clear();
                    return got.TryGetValue(name, out var r) ? r : got[name] = await index.GetAsync(name, cancellation);
                },
            };
        }),
        new("counts at its start and then only its own writes", "the-status-counts-what-another-process-wrote", index =>
        {
            var count = -1L;
            return new AlteredIndex(index)
            {
                Upsert = async (r, cancellation) =>
                {
                    var outcome = await index.UpsertAsync(r, cancellation);
                    count += count >= 0 && outcome == UpsertOutcome.Added ? 1 : 0;
                    return outcome;
                },
                Status = async cancellation =>
                {
                    var status = await index.GetStatusAsync(cancellation);
                    count = count < 0 ? status.Repositories : count;
                    return status with { Repositories = count };
                },
            };
        }),
        new("shares one list of results among concurrent searches", "searches-at-once-keep-apart", index =>
        {
            // The first search gets the results of the second one, which runs on another thread.
            var second = new TaskCompletionSource<IReadOnlyList<Repository>>(TaskCreationOptions.RunContinuationsAsynchronously);
            var begun = 0;
            return new AlteredIndex(index)
            {
                Search = async (request, cancellation) =>
                {
                    var page = await index.SearchAsync(request, cancellation);
                    if (Interlocked.Increment(ref begun) == 1)
                        return page with { Repositories = await second.Task };
                    second.TrySetResult(page.Repositories);
                    return page;
                },
            };
        }),
        new("keeps the last query in the object", "searches-at-once-keep-apart", index =>
        {
            var second = new TaskCompletionSource<SearchRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
            var begun = 0;
            return new AlteredIndex(index)
            {
                Search = async (request, cancellation) =>
                {
                    if (Interlocked.Increment(ref begun) == 1)
                        return await index.SearchAsync(await second.Task, cancellation);
                    second.TrySetResult(request);
                    return await index.SearchAsync(request, cancellation);
                },
            };
        }),
        new("fails when it is initialized concurrently", "an-object-is-initialized-at-once", index =>
        {
            var busy = 0;
            return new AlteredIndex(index)
            {
                Initialize = async cancellation =>
                {
                    if (Interlocked.Increment(ref busy) > 1)
                        throw new InvalidOperationException("It is being initialized.");
                    await Eventually.BeAsync(() => busy > 1);
                    await index.InitializeAsync(cancellation);
                    Interlocked.Decrement(ref busy);
                },
            };
        }),
        new("counts as initialized as soon as an initialization begins", "an-object-is-initialized-at-once", index =>
        {
            var (begun, isUsed) = (0, false);
            return new AlteredIndex(index)
            {
                Initialize = async cancellation =>
                {
                    if (Interlocked.Exchange(ref begun, 1) == 1)
                        return;
                    await Eventually.BeAsync(() => Volatile.Read(ref isUsed));
                    await index.InitializeAsync(cancellation);
                },
                Get = async (name, cancellation) =>
                {
                    try
                    {
                        return await index.GetAsync(name, cancellation);
                    }
                    finally
                    {
                        Volatile.Write(ref isUsed, true);
                    }
                },
            };
        }),
        new("keeps a lock for each abandoned list", "lists-that-are-left-early-leave-nothing-behind", index =>
        {
            var free = 100;
            return new AlteredIndex(index)
            {
                List = (after, cancellation) => --free < 0
                    ? throw new RegistryIndexException(index.Provider, "list", "all connections are in use.", mayRetry: true)
                    : index.ListAsync(after, cancellation).Concat(AsyncEnumerable.Range(0, 1).Where(_ => ++free < 0).Select(_ => new Repository("never"))),
            };
        }),
    ];

    private static AlteredIndex Caching(MemoryIndex index)
    {
        var pages = new ConcurrentDictionary<(string, int, RankKey?), SearchPage>();
        return new(index)
        {
            Upsert = (r, cancellation) =>
            {
                pages.Clear();
                return index.UpsertAsync(r, cancellation);
            },
            Search = async (request, cancellation) =>
                pages.TryGetValue((request.Query.ToString(), request.Limit, request.After), out var page) ? page : pages[(request.Query.ToString(), request.Limit, request.After)] = await index.SearchAsync(request, cancellation),
        };
    }

    // How often a row is listed depends on when it was written.
    private static AlteredIndex Versioned(MemoryIndex index, MemoryStore store, Func<string, long, ConcurrentDictionary<string, long>, int> times)
    {
        var written = Versions.GetOrCreateValue(store);
        return new(index)
        {
            Upsert = async (r, cancellation) =>
            {
                var outcome = await index.UpsertAsync(r, cancellation);
                written[r.Name] = store.Writes;
                return outcome;
            },
            List = (after, cancellation) =>
            {
                var since = store.Writes;
                return index.ListAsync(after, cancellation).SelectMany(r => Enumerable.Repeat(r, times(r.Name, since, written)).ToAsyncEnumerable());
            },
        };
    }
}
