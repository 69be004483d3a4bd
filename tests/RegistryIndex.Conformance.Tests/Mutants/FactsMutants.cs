using System.Collections.Concurrent;
using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class FactsMutants
{
    private const string Capabilities = "an-index-is-as-its-capabilities-say";
    private const string ComeBack = "facts-come-back-as-they-were";
    private const string Replaces = "a-write-with-facts-replaces-them";
    private const string Order = "the-last-push-comes-first";
    private const string Pages = "pages-in-the-order-of-the-last-push-join";
    private const string Moves = "a-push-moves-its-repository-to-the-front";

    public static IEnumerable<Mutant> All { get; } =
    [
        new("orders by name instead of by push", Capabilities, index => WithoutFacts(index, (request, cancellation) => index.SearchAsync(new(request.Query.ToString(), request.Limit), cancellation))),
        new("refuses the order by push as a failure of the store", Capabilities, index => WithoutFacts(index, (request, cancellation) =>
            request.Order == SearchOrder.Pushed ? throw new RegistryIndexException(index.Provider, "search", "no such order", mayRetry: false) : index.SearchAsync(request, cancellation))),
        new("stores no facts and returns Updated for them", Capabilities, index => new AlteredIndex(WithoutFacts(index)) { Upsert = async (r, cancellation) => await index.UpsertAsync(r.KeptBy(IndexCapabilities.None), cancellation) is var outcome && r.Facts is not null && outcome == UpsertOutcome.Unchanged ? UpsertOutcome.Updated : outcome }),
        new("stores no facts and counts them in an import", Capabilities, index => new AlteredIndex(WithoutFacts(index))
        {
            Import = async (stream, options, cancellation) => await index.ImportAsync(stream.Select(r => r.KeptBy(IndexCapabilities.None)), options, cancellation) is var result ? new() { Updated = result.Unchanged + result.Updated, Added = result.Added, Refused = result.Refused } : result,
        }),
        new("claims the order by push without storing facts", Capabilities, index => new AlteredIndex(WithoutFacts(index)) { Capabilities = IndexCapabilities.OrderByPush }),
        new("has its capabilities only after the initialization", Capabilities, index => new Telling(index)),
        new("claims to store facts and does not", Capabilities, index => new AlteredIndex(WithoutFacts(index)) { Capabilities = IndexCapabilities.Facts }),

        new("returns facts only from get", ComeBack, index => new AlteredIndex(index) { List = (after, cancellation) => index.ListAsync(after, cancellation).Select(Plain) }),
        new("scans without facts", ComeBack, index => new AlteredIndex(index) { Scan = (after, most, cancellation) => index.ScanAsync(after, most, cancellation).Select(Plain) }),
        new("searches without facts", ComeBack, index => new AlteredIndex(index) { Search = async (request, cancellation) => await index.SearchAsync(request, cancellation) is var page && request.Query.Words.Count > 0 ? page with { Repositories = [.. page.Repositories.Select(Plain)] } : page }),
        new("lists some repositories without facts", ComeBack, index => new AlteredIndex(index) { ListSome = (after, most, cancellation) => index.ListAsync(after, cancellation).Take(most).Select(Plain) }),
        new("truncates times to seconds", ComeBack, index => Storing(index, facts => facts with { PushedAt = facts.PushedAt?.AddMilliseconds(-facts.PushedAt.Value.Millisecond) })),
        new("sorts platforms", ComeBack, index => Storing(index, facts => facts with { Platforms = facts.Platforms?.Order(StringComparer.Ordinal).Reverse().ToArray() })),
        new("keeps sizes in 32 bits", ComeBack, index => Storing(index, facts => facts with { Size = facts.Size is { } size ? unchecked((int)size) : null })),
        new("treats a size of zero as no size", ComeBack, index => Storing(index, facts => facts with { Size = facts.Size == 0 ? null : facts.Size })),
        new("forgets of which tag the description is", ComeBack, index => Storing(index, facts => facts with { DescriptionTag = null })),
        new("ends a text of facts at its first zero character", ComeBack, index => Storing(index, facts => facts with { Vendor = facts.Vendor?.Split('\0')[0] })),
        new("stores only the kinds image and chart", ComeBack, index => Storing(index, facts => facts with { Kind = facts.Kind > ArtifactKind.Chart ? null : facts.Kind })),
        new("stores facts only with a description", ComeBack, index => new AlteredIndex(index) { Upsert = (r, cancellation) => index.UpsertAsync(r.Description is null ? Plain(r) : r, cancellation) }),

        new("cuts facts at 2,048 bytes", "the-longest-facts-are-kept", index => Storing(index, facts => facts.ToJson().Length > 2_048 ? facts with { Title = null, Version = null, Vendor = null } : facts)),
        new("refuses facts over 3,000 bytes", "the-longest-facts-are-kept", index => new AlteredIndex(index) { Upsert = (r, cancellation) => r.Facts?.ToJson().Length > 2_900 ? throw new ArgumentException("The facts are too long.") : index.UpsertAsync(r, cancellation) }),

        new("clears facts by a write without them", "a-write-without-facts-leaves-them", index => Clearing(index)),
        new("returns Updated for a write without facts", "a-write-without-facts-leaves-them", index => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) => await index.GetAsync(r.Name, cancellation) is { Facts: not null } && r.Facts is null ? await index.UpsertAsync(r, cancellation) is var _ ? UpsertOutcome.Updated : default : await index.UpsertAsync(r, cancellation),
        }),

        new("ignores a difference in facts alone", Replaces, index => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) => await index.GetAsync(r.Name, cancellation) is { } stored && stored.Description == r.Description ? UpsertOutcome.Unchanged : await index.UpsertAsync(r, cancellation),
        }),
        new("merges facts field by field", Replaces, index => Storing(index, (facts, stored) => stored is null ? facts : facts with { Platforms = facts.Platforms ?? stored.Platforms, Title = facts.Title ?? stored.Title })),
        new("returns Updated for the same facts", Replaces, index => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) => await index.UpsertAsync(r, cancellation) is var outcome && outcome == UpsertOutcome.Unchanged && r.Facts is not null ? UpsertOutcome.Updated : outcome,
        }),
        new("writes unchanged facts", "facts-that-are-there-write-nothing", (index, store) => new AlteredIndex(index)
        {
            Upsert = (r, cancellation) =>
            {
                if (r.Facts is not null)
                    store.HasWritten();
                return index.UpsertAsync(r, cancellation);
            },
        }),

        new("stores the time of the push that was written last", "the-time-of-the-last-push-never-goes-back", index => Replacing(index)),
        new("reads the time of the push and then writes, in two steps", "the-time-of-the-last-push-never-goes-back", (index, store) => Replacing(index, async r =>
        {
            var stored = await index.GetAsync(r.Name, default);
            if (r is { Description: not null, Facts.PushedAt: not null })
                await CallBarrier.Of(store).GatherAsync(12); // which is how many write such a repository concurrently
            return r.WriteOver(stored).Result;
        })),

        new("imports without facts", "an-import-takes-facts", index => new AlteredIndex(index) { Import = (stream, options, cancellation) => index.ImportAsync(stream.Select(Plain), options, cancellation) }),
        new("ignores facts without a description when it keeps descriptions", "an-import-takes-facts", index => new AlteredIndex(index)
        {
            Import = (stream, options, cancellation) => index.ImportAsync(options.KeepDescriptions ? stream.Select(r => r.Description is null ? Plain(r) : r) : stream, options, cancellation),
        }),
        new("takes the push time of the later of two with one name in an import", "an-import-takes-facts", index => new AlteredIndex(index)
        {
            Import = (stream, options, cancellation) => index.ImportAsync(stream.Reverse().DistinctBy(r => r.Name).Reverse(), options, cancellation),
        }),

        new("finds by the title", "facts-are-not-searched", index => BruteForce.Ranking(index, (query, r) => query.Rank(r.Name, Folding.Fold(r.Name), Folding.Fold($"{r.Description} {r.Facts?.Title}")))),
        new("returns pushed repositories first in every list", "facts-are-not-searched", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) => await index.SearchAsync(request, cancellation) is var page && request.Query.Words.Count == 0 ? page with { Repositories = [.. page.Repositories.OrderBy(PushOrder.KeyOf)] } : page,
        }),

        new("keeps the facts of deleted repositories", "a-delete-takes-the-facts", index => Leaving(index)),
        new("keeps the push time of deleted repositories", "a-delete-takes-the-facts", index => Leaving(index, facts => new() { PushedAt = facts.PushedAt })),

        new("returns the oldest push first", Order, index => Pushing(index, (left, right) => Key(right).CompareTo(Key(left)))),
        new("returns unknown pushes first", Order, index => Pushing(index, (left, right) => (left.Facts?.PushedAt is null, Key(left)).CompareTo((right.Facts?.PushedAt is null, Key(right))) * (left.Facts?.PushedAt is null == right.Facts?.PushedAt is null ? 1 : -1))),
        new("orders pushes by the second", Order, index => Pushing(index, (left, right) => (Seconds(left), left.Name).CompareTo((Seconds(right), right.Name)))),
        new("orders equal pushes without regard to case", Order, index => Pushing(index, (left, right) => Key(left).Text == Key(right).Text ? StringComparer.OrdinalIgnoreCase.Compare(right.Name, left.Name) : Key(left).CompareTo(Key(right)))),
        new("omits repositories without a push", Order, index => Pushing(index, (left, right) => Key(left).CompareTo(Key(right)), r => r.Facts?.PushedAt is not null)),
        new("omits repositories without facts", Order, index => Pushing(index, (left, right) => Key(left).CompareTo(Key(right)), r => r.Facts is not null)),

        new("pages by push by time alone", Pages, index => Pushing(index, (left, right) => Key(left).CompareTo(Key(right)), skips: (r, after) => string.CompareOrdinal(Key(r).Text, after.Text) <= 0)),
        new("repeats the last of a page by push", Pages, index => Pushing(index, (left, right) => Key(left).CompareTo(Key(right)), skips: (r, after) => Key(r) < after)),
        new("ends the order by push after its first page", Pages, index => new AlteredIndex(index) { Search = async (request, cancellation) => await index.SearchAsync(request, cancellation) is var page && request.Order == SearchOrder.Pushed ? page with { Continuation = null } : page }),
        new("returns continuations by name in the order by push", Pages, index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) => await index.SearchAsync(request, cancellation) is { Continuation: not null } page && request.Order == SearchOrder.Pushed
                ? page with { Continuation = new SearchRequest("").ToPage([], new RankKey(0, "", page.Repositories[^1].Name)).Continuation }
                : await index.SearchAsync(request, cancellation),
        }),

        new("keeps the old position of a pushed repository, too", Moves, index => Ghosts(index, keepsDeleted: false)),
        new("keeps deleted repositories in the order by push", Moves, index => Ghosts(index, keepsDeleted: true)),
        new("forgets facts when another process starts", "random-histories-of-facts-go-as-in-the-reference", (index, store) => new AlteredIndex(index)
        {
            Initialize = async cancellation =>
            {
                await index.InitializeAsync(cancellation);
                if (await index.ListAsync(cancellationToken: cancellation).ToListAsync(cancellation) is { Count: > 2 } rows && rows[^1].Facts is not null)
                {
                    await index.DeleteAsync(rows[^1].Name, cancellation);
                    await index.UpsertAsync(Plain(rows[^1]), cancellation);
                }
            },
        }),
    ];

    /// <summary>A correct provider without facts.</summary>
    public static AlteredIndex WithoutFacts(IRegistryIndex index, Func<SearchRequest, CancellationToken, Task<SearchPage>>? search = null)
    {
        AlteredIndex? made = null;
        return made = new(index)
        {
            Capabilities = IndexCapabilities.None,
            Upsert = (r, cancellation) => index.UpsertAsync(Plain(r), cancellation),
            Import = (stream, options, cancellation) => index.ImportAsync(stream is null ? stream! : stream.Select(Plain), options, cancellation),
            Search = search ?? ((request, cancellation) =>
            {
                ArgumentNullException.ThrowIfNull(request);
                request.ThrowIfRefusedBy(made!);
                return index.SearchAsync(request, cancellation);
            }),
        };
    }

    private static Repository Plain(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return new(repository.Name, repository.Description);
    }

    private static RankKey Key(Repository repository) => PushOrder.KeyOf(repository);

    private static string Seconds(Repository repository) => Key(repository).Text is var text && text.Length == 15 ? text[..12] : text;

    private static AlteredIndex Storing(MemoryIndex index, Func<RepositoryFacts, RepositoryFacts> change) => Storing(index, (facts, _) => change(facts));

    private static AlteredIndex Storing(MemoryIndex index, Func<RepositoryFacts, RepositoryFacts?, RepositoryFacts> change) => new(index)
    {
        Upsert = async (r, cancellation) => await index.UpsertAsync(r.Facts is { } facts ? new(r.Name, r.Description, change(facts, (await index.GetAsync(r.Name, cancellation))?.Facts)) : r, cancellation),
    };

    private static AlteredIndex Clearing(MemoryIndex index) => Replacing(index, r => Task.FromResult(r), r => r.Facts is null);

    // Writes the given repository instead of combining it with the stored one.
    private static AlteredIndex Replacing(MemoryIndex index, Func<Repository, Task<Repository>>? make = null, Func<Repository, bool>? when = null) => new(index)
    {
        Upsert = async (r, cancellation) =>
        {
            if (r.FindProblem() is not null || await index.GetAsync(r.Name, cancellation) is not { } stored || when?.Invoke(r) == false)
                return await index.UpsertAsync(r, cancellation);
            var made = make is null ? r : await make(r);
            if (made == stored)
                return UpsertOutcome.Unchanged;
            await index.DeleteAsync(r.Name, cancellation);
            await index.UpsertAsync(made, cancellation);
            return UpsertOutcome.Updated;
        },
    };

    private static AlteredIndex Leaving(MemoryIndex index, Func<RepositoryFacts, RepositoryFacts>? change = null)
    {
        var left = new ConcurrentDictionary<string, RepositoryFacts>(StringComparer.Ordinal);
        return new(index)
        {
            Delete = async (name, cancellation) =>
            {
                if ((await index.GetAsync(name, cancellation))?.Facts is { } facts)
                    left[name] = change?.Invoke(facts) ?? facts;
                return await index.DeleteAsync(name, cancellation);
            },
            Upsert = (r, cancellation) => index.UpsertAsync(left.TryGetValue(r.Name, out var facts) ? new(r.Name, r.Description, r.Facts ?? facts) : r, cancellation),
        };
    }

    private static AlteredIndex Pushing(MemoryIndex index, Comparison<Repository> order, Func<Repository, bool>? shows = null, Func<Repository, RankKey, bool>? skips = null) => new(index)
    {
        Search = async (request, cancellation) =>
        {
            if (request.Order != SearchOrder.Pushed)
                return await index.SearchAsync(request, cancellation);
            var all = await index.ListAsync(cancellationToken: cancellation).Where(r => shows?.Invoke(r) ?? true).ToListAsync(cancellation);
            all.Sort(order);
            skips ??= (r, after) => all.FindIndex(one => one.Name == r.Name) <= all.FindIndex(one => one.Name == after.Name);
            var rest = request.After is { } place ? [.. all.Where(r => !skips(r, place))] : all;
            return request.ToPage([.. rest.Take(request.Limit)], rest.Count > request.Limit ? Key(rest[request.Limit - 1]) : null);
        },
    };

    private static AlteredIndex Ghosts(MemoryIndex index, bool keepsDeleted)
    {
        var postings = new ConcurrentDictionary<RankKey, Repository>();
        return new(index)
        {
            Upsert = async (r, cancellation) =>
            {
                if (await index.GetAsync(r.Name, cancellation) is { } stored)
                    postings[Key(stored)] = stored;
                return await index.UpsertAsync(r, cancellation);
            },
            Delete = async (name, cancellation) =>
            {
                if (keepsDeleted && await index.GetAsync(name, cancellation) is { } stored)
                    postings[Key(stored)] = stored;
                return await index.DeleteAsync(name, cancellation);
            },
            Search = async (request, cancellation) =>
            {
                if (request.Order != SearchOrder.Pushed)
                    return await index.SearchAsync(request, cancellation);
                var rows = await index.ListAsync(cancellationToken: cancellation).ToListAsync(cancellation);
                var shown = postings.Where(posting => keepsDeleted ? rows.All(row => row.Name != posting.Value.Name) : rows.Any(row => row.Name == posting.Value.Name && Key(row) != posting.Key)).Select(posting => posting.Value);
                List<Repository> rest = [.. rows.Concat(shown).Where(r => request.After is not { } after || Key(r) > after).OrderBy(Key).Take(request.Limit + 1)];
                return request.ToPage([.. rest.Take(request.Limit)], rest.Count > request.Limit ? Key(rest[request.Limit - 1]) : null);
            },
        };
    }

    private sealed class Telling(IRegistryIndex inner) : Testing.DelegatingIndex(inner)
    {
        private bool _isInitialized;

        public override IndexCapabilities Capabilities => _isInitialized ? Inner.Capabilities : IndexCapabilities.None;

        public override Task InitializeAsync(CancellationToken cancellationToken = default)
        {
            _isInitialized = true;
            return Inner.InitializeAsync(cancellationToken);
        }
    }
}
