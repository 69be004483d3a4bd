using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Tests.Memory;
using static RegistryIndex.Conformance.Tests.Mutants.BruteForce;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class PagingMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("drops the repository at the border of two pages", "pages-join-without-a-seam", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) => await index.SearchAsync(request, cancellation) is var page && request.After is null ? page : page with { Repositories = [.. page.Repositories.Skip(1)] },
        }),
        new("repeats the repository at the border of two pages", "pages-join-without-a-seam", index => new AlteredIndex(index)
        {
            Search = (request, cancellation) => SearchAsync(index, request, (query, r) => query.Rank(r), isAfter: (key, after) => key >= after, cancellation: cancellation),
        }),
        new("counts rows: its continuation is an offset", "pages-join-without-a-seam", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) => await index.SearchAsync(request, cancellation) is { Continuation: not null } page ? page with { Continuation = "25" } : await index.SearchAsync(request, cancellation),
        }),
        new("returns one repository more than requested", "a-page-holds-at-most-its-limit", index => new AlteredIndex(index)
        {
            Search = (request, cancellation) => index.SearchAsync(new(request.Query.ToString(), Math.Min(100, request.Limit + 1)), cancellation),
        }),
        new("always returns 25", "a-page-holds-at-most-its-limit", index => new AlteredIndex(index)
        {
            Search = (request, cancellation) => request.After is null ? index.SearchAsync(new(request.Query.ToString()), cancellation) : index.SearchAsync(request, cancellation),
        }),
        new("never returns a continuation", "a-page-without-a-continuation-is-the-last", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) => await index.SearchAsync(request, cancellation) with { Continuation = null },
        }),
        new("returns no continuation after a full page", "a-page-without-a-continuation-is-the-last", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) => await index.SearchAsync(request, cancellation) is { Repositories.Count: 3 } page ? page with { Continuation = null } : await index.SearchAsync(request, cancellation),
        }),
        new("returns a continuation also on the last page", "a-page-without-a-continuation-is-the-last", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) => await index.SearchAsync(request, cancellation) is { Continuation: null, Repositories: [.., var last] } page
                ? request.ToPage(page.Repositories, request.Query.Rank(last))
                : request.ToPage([], request.After ?? new RankKey(request.Query.Words.Count == 0 ? 0 : 3, request.Query.RankingWord ?? "", "")),
        }),
        new("shows a repository twice on a page while it is written", "pages-miss-and-repeat-nothing-while-others-write", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) =>
            {
                var page = await index.SearchAsync(request, cancellation);
                var kept = page.Repositories.SkipLast(1).ToList();
                var written = kept.Find(r => r.Name.EndsWith("-x", StringComparison.Ordinal));
                return written is null ? page : request.ToPage([.. kept, written], request.Query.Rank(kept[^1]));
            },
        }),
        new("continues by name alone and ignores the kind of match", "tiers-follow-each-other-over-pages", index => new AlteredIndex(index)
        {
            Search = (request, cancellation) => SearchAsync(index, request, (query, r) => query.Rank(r), isAfter: (key, after) => CodePointOrder.Comparer.Compare(key.Name, after.Name) > 0, cancellation: cancellation),
        }),
        new("continues among equal ranks without the name", "pages-join-without-a-seam", index => new AlteredIndex(index)
        {
            Search = (request, cancellation) => SearchAsync(index, request, (query, r) => query.Rank(r), isAfter: (key, after) => key.Tier == 0 ? key > after : (key with { Name = "" }) > (after with { Name = "" }), cancellation: cancellation),
        }),
        new("continues without regard to official images", "pages-join-without-a-seam", index => new AlteredIndex(index)
        {
            Search = (request, cancellation) => SearchAsync(
                index, request, (query, r) => query.Rank(r), isAfter: (key, after) => (key.Tier, key.Text) == (after.Tier, after.Text) && key.NameLength != after.NameLength ? key.NameLength > after.NameLength : key > after, cancellation: cancellation),
        }),
        new("continues among equal ranks by name alone", "pages-join-without-a-seam", index => new AlteredIndex(index)
        {
            Search = (request, cancellation) => SearchAsync(
                index, request, (query, r) => query.Rank(r), isAfter: (key, after) => (key.Tier, key.Text) == (after.Tier, after.Text) ? CodePointOrder.Comparer.Compare(key.Name, after.Name) > 0 : key > after, cancellation: cancellation),
        }),
        new("looks up the repository of the continuation and ends when it is deleted", "a-continuation-outlives-writes", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) => request.After is { } after && await index.GetAsync(after.Name, cancellation) is null ? new([], null) : await index.SearchAsync(request, cancellation),
        }),
        new("keeps the result of a search for its further pages", "a-continuation-outlives-writes", Keeping),
        new("accepts only continuations that it created itself", "a-continuation-is-valid-on-every-provider", index =>
        {
            var given = new ConcurrentBag<RankKey>();
            return new AlteredIndex(index)
            {
                Search = async (request, cancellation) =>
                {
                    if (request.After is { } after && !given.Contains(after))
                        throw new ArgumentException("The continuation is unknown here.", nameof(request));
                    var page = await index.SearchAsync(request, cancellation);
                    if (page.Continuation is { } continuation)
                        given.Add(new SearchRequest(request.Query.ToString(), 1, continuation).After!.Value);
                    return page;
                },
            };
        }),
        new("examines 100 candidates and then returns no continuation", "several-words-are-walked-to-the-end", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) =>
            {
                if (request.Query.Words.Count < 2)
                    return await index.SearchAsync(request, cancellation);
                var first = await index.ListAsync(cancellationToken: cancellation).Take(100).Select(r => r.Name).ToListAsync(cancellation);
                return await SearchAsync(index, request, (query, r) => first.Contains(r.Name) ? query.Rank(r) : null, cancellation: cancellation);
            },
        }),
        new("returns folded names", "a-page-shows-repositories-as-they-are-stored", index => Showing(index, r => new(Folding.Fold(r.Name), r.Description))),
        new("returns folded descriptions", "a-page-shows-repositories-as-they-are-stored", index => Showing(index, r => new(r.Name, r.Description is { } text ? Folding.Fold(text) : null))),
        new("returns trimmed descriptions", "a-page-shows-repositories-as-they-are-stored", index => Showing(index, r => new(r.Name, r.Description?.Trim()))),
        new("caches the results of searches", "a-search-sees-a-write-at-once", index =>
        {
            var cache = new ConcurrentDictionary<(string, int, RankKey?), SearchPage>();
            return new AlteredIndex(index)
            {
                Search = async (request, cancellation) =>
                {
                    var key = (request.Query.ToString(), request.Limit, request.After);
                    return cache.TryGetValue(key, out var page) ? page : cache[key] = await index.SearchAsync(request, cancellation);
                },
            };
        }),
        new("searches a local index that only its own writes change", "another-process-sees-a-write", index =>
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
        new("leaves the old text of an updated repository in its index", "a-search-sees-a-write-at-once", index =>
        {
            var old = new ConcurrentDictionary<string, Repository>();
            return new AlteredIndex(index)
            {
                Upsert = (r, cancellation) =>
                {
                    old.TryAdd(r.Name, r);
                    return index.UpsertAsync(r, cancellation);
                },
                Search = (request, cancellation) => SearchAsync(index, request, (query, r) => query.Rank(r) ?? (old.TryGetValue(r.Name, out var before) ? query.Rank(before) : null), cancellation: cancellation),
            };
        }),
        new("counts the results of a session across different searches", "a-session-changes-nothing-of-what-is-found", index =>
        {
            var shown = new ConditionalWeakTable<SearchSession, StrongBox<int>>();
            return new AlteredIndex(index)
            {
                Search = async (request, cancellation) =>
                {
                    if (request.Session is null)
                        return await index.SearchAsync(request, cancellation);
                    var count = shown.GetOrCreateValue(request.Session);
                    var all = (await index.ListAsync(cancellationToken: cancellation).ToListAsync(cancellation)).Where(r => request.Query.Rank(r) is not null).OrderBy(r => request.Query.Rank(r)!.Value).ToList();
                    var page = all.Skip(count.Value).Take(request.Limit).ToList();
                    count.Value += page.Count;
                    return request.ToPage(page, count.Value < all.Count && page.Count > 0 ? request.Query.Rank(page[^1]) : null);
                },
            };
        }),
        new("returns no continuation when a session's budget is exhausted", "a-session-changes-nothing-of-what-is-found", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) =>
            {
                var page = await index.SearchAsync(request, cancellation);
                if (request is not { Session: { } session, After: not null })
                    return page;
                session.Exhaust();
                return page with { Continuation = null };
            },
        }),
        new("leaves a deleted repository in its index", "a-delete-says-whether-there-was-something", index =>
        {
            var own = new ReferenceIndex();
            return new AlteredIndex(index)
            {
                Upsert = async (r, cancellation) =>
                {
                    await own.UpsertAsync(r, cancellation);
                    return await index.UpsertAsync(r, cancellation);
                },
                Search = (request, cancellation) => SearchAsync(own, request, (query, r) => query.Rank(r), cancellation: cancellation),
            };
        }),
    ];

    private static AlteredIndex Keeping(MemoryIndex index)
    {
        var kept = new ConcurrentDictionary<string, ReferenceIndex>();
        return new(index)
        {
            Search = async (request, cancellation) =>
            {
                if (request.After is null)
                    kept[request.Query.ToString()] = new(await index.ListAsync(cancellationToken: cancellation).ToListAsync(cancellation));
                return await (kept.TryGetValue(request.Query.ToString(), out var then) ? then.SearchAsync(request, cancellation) : index.SearchAsync(request, cancellation));
            },
        };
    }

    private static AlteredIndex Showing(MemoryIndex index, Func<Repository, Repository> show) => new(index)
    {
        Search = async (request, cancellation) =>
        {
            var page = await index.SearchAsync(request, cancellation);
            return page with { Repositories = [.. page.Repositories.Select(show)] };
        },
    };
}
