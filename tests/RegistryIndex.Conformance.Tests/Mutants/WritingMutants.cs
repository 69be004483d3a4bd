using System.Collections.Concurrent;
using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Testing;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class WritingMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("merges names that differ by case", "names-that-differ-by-case-are-two", index => new AlteredIndex(index)
        {
            Upsert = (r, cancellation) => index.UpsertAsync(new(Lower(r.Name), r.Description), cancellation),
            Get = (name, cancellation) => index.GetAsync(Lower(name), cancellation),
            Delete = (name, cancellation) => index.DeleteAsync(Lower(name), cancellation),
        }),
        new("refuses names of 250 characters", "every-name-of-the-grammar-is-stored", index => Checking(index, r => r.Name.Length >= 250 ? "The name is too long." : null)),
        new("refuses upper case in names", "every-name-of-the-grammar-is-stored", index => Checking(index, r => r.Name.Any(char.IsAsciiLetterUpper) ? "Upper case." : null)),
        new("ignores a bad name", "a-name-that-breaks-the-grammar-is-refused", index => new AlteredIndex(index)
        {
            Upsert = (r, cancellation) => r.FindProblem() is null ? index.UpsertAsync(r, cancellation) : Task.FromResult(UpsertOutcome.Unchanged),
        }),
        new("corrects a bad name", "a-name-that-breaks-the-grammar-is-refused", index => new AlteredIndex(index)
        {
            Upsert = (r, cancellation) => index.UpsertAsync(r.Name == "a b" ? new("a-b", r.Description) : r, cancellation),
        }),
        new("refuses a bad name without the reason", "a-name-that-breaks-the-grammar-is-refused", index => Checking(index, r => RepositoryName.FindProblem(r.Name) is null ? null : "Bad name.")),
        new("reports a refused repository as a failure of the store", "a-name-that-breaks-the-grammar-is-refused", index => new AlteredIndex(index)
        {
            Upsert = (r, cancellation) => r.FindProblem() is { } problem ? throw new RegistryIndexException(index.Provider, "upsert", problem, mayRetry: false) : index.UpsertAsync(r, cancellation),
        }),
        new("keeps 255 characters of a description, as a column does", "a-description-of-350-code-points-is-stored", index => Storing(index, text => text.Length > 255 ? text[..255] : text)),
        new("counts a description in UTF-16 units", "a-description-of-350-code-points-is-stored", index => Checking(index, r => r.Description?.Length > 350 ? "The description is too long." : null)),
        new("cuts a description that is too long", "a-description-over-the-limit-or-broken-is-refused", index => new AlteredIndex(index)
        {
            Upsert = (r, cancellation) => index.UpsertAsync(new(r.Name, RepositoryDescription.FromIngest(r.Description)), cancellation),
        }),
        new("trims descriptions", "text-comes-back-as-it-was", index => Storing(index, text => text.Trim())),
        new("converts line breaks", "text-comes-back-as-it-was", index => Storing(index, text => text.Replace("\r\n", "\n", StringComparison.Ordinal))),
        new("composes letters when it stores them", "text-comes-back-as-it-was", index => Storing(index, text => text.Replace("e\u0301", "é", StringComparison.Ordinal))),
        new("ends a text at its first zero character, as C does", "text-comes-back-as-it-was", index => Storing(index, text => text.Split('\0')[0])),
        new("encodes markup", "text-comes-back-as-it-was", index => Storing(index, text => text.Replace("<", "&lt;", StringComparison.Ordinal))),
        new("treats the text null as no description", "text-comes-back-as-it-was", index => new AlteredIndex(index)
        {
            Get = async (name, cancellation) => await index.GetAsync(name, cancellation) is { Description: "NULL" } r ? new(r.Name) : await index.GetAsync(name, cancellation),
        }),
        new("keeps the stored description when the new one is null", "blank-is-no-description", index => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) => await index.UpsertAsync(r.Description is null && await index.GetAsync(r.Name, cancellation) is { } before ? before : r, cancellation),
        }),
        new("omits replacement characters", "ingested-text-is-stored-whole", index => Storing(index, text => text.Replace("\uFFFD", "", StringComparison.Ordinal))),
        new("cuts a text that is already cut", "ingested-text-is-stored-whole", index => Storing(index, text => text.EndsWith('…') ? text[..^1] : text)),
        new("returns Updated also without a change", "an-upsert-says-what-it-did", index => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) => await index.UpsertAsync(r, cancellation) is UpsertOutcome.Added ? UpsertOutcome.Added : UpsertOutcome.Updated,
        }),
        new("returns Added for every change", "an-upsert-says-what-it-did", index => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) => await index.UpsertAsync(r, cancellation) is UpsertOutcome.Unchanged ? UpsertOutcome.Unchanged : UpsertOutcome.Added,
        }),
        new("compares descriptions without regard to case before it writes", "an-upsert-says-what-it-did", index => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) => string.Equals((await index.GetAsync(r.Name, cancellation))?.Description, r.Description, StringComparison.OrdinalIgnoreCase) && r.Description is not null
                ? UpsertOutcome.Unchanged
                : await index.UpsertAsync(r, cancellation),
        }),
        new("lets the first writer win", "the-last-writer-wins", index => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) => await index.GetAsync(r.Name, cancellation) is null ? await index.UpsertAsync(r, cancellation) : UpsertOutcome.Unchanged,
        }),
        new("adds a row for each upsert", "the-last-writer-wins", index =>
        {
            var rows = new ConcurrentQueue<Repository>();
            return new AlteredIndex(index)
            {
                Upsert = (r, cancellation) =>
                {
                    rows.Enqueue(r);
                    return index.UpsertAsync(r, cancellation);
                },
                List = (_, _) => rows.OrderBy(r => r.Name, CodePointOrder.Comparer).ToAsyncEnumerable(),
            };
        }),
        new("reads and then writes, in two steps", "one-of-many-at-once-adds", (index, store) => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) =>
            {
                var before = await index.GetAsync(r.Name, cancellation);
                await CallBarrier.Of(store).ArriveAsync();
                await index.UpsertAsync(r, cancellation);
                return before is null ? UpsertOutcome.Added : before == r ? UpsertOutcome.Unchanged : UpsertOutcome.Updated;
            },
        }),
        new("adds under a lock of its own process", "one-of-many-processes-adds", (index, store) =>
        {
            var gate = new SemaphoreSlim(1);
            return new AlteredIndex(index)
            {
                Upsert = (r, cancellation) => InTurnAsync(gate, async () =>
                {
                    var before = await index.GetAsync(r.Name, cancellation);
                    await CallBarrier.Of(store).ArriveAsync();
                    await index.UpsertAsync(r, cancellation);
                    return before is null ? UpsertOutcome.Added : before == r ? UpsertOutcome.Unchanged : UpsertOutcome.Updated;
                }),
            };
        }),
        new("removes under a lock of its own process", "one-of-many-processes-removes", (index, store) =>
        {
            var gate = new SemaphoreSlim(1);
            return new AlteredIndex(index)
            {
                Delete = (name, cancellation) => InTurnAsync(gate, async () =>
                {
                    var isThere = await index.GetAsync(name, cancellation) is not null;
                    await CallBarrier.Of(store).ArriveAsync();
                    await index.DeleteAsync(name, cancellation);
                    return isThere;
                }),
            };
        }),
        new("fails when another writer adds the same name concurrently", "one-of-many-at-once-adds", (index, store) => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) =>
            {
                var before = await index.GetAsync(r.Name, cancellation);
                await CallBarrier.Of(store).ArriveAsync();
                return await index.UpsertAsync(r, cancellation) is var outcome && before is null && outcome != UpsertOutcome.Added
                    ? throw new RegistryIndexException(index.Provider, "upsert", "UNIQUE constraint failed.", mayRetry: true)
                    : outcome;
            },
        }),
        new("writes its search index after the row, unordered", "writers-of-one-name-agree-at-rest", index =>
        {
            var own = new ReferenceIndex();
            var gate = new SemaphoreSlim(1);
            var (rows, entries) = (0, 0);
            return new AlteredIndex(index)
            {
                Upsert = async (r, cancellation) =>
                {
                    var (outcome, row) = await InTurnAsync(gate, async () => (await index.UpsertAsync(r, cancellation), ++rows));
                    if (row == 1) // the first of the case's twelve writers is the last in the search index
                        await Eventually.BeAsync(() => Volatile.Read(ref entries) == 11);
                    await own.UpsertAsync(r, cancellation);
                    Interlocked.Increment(ref entries);
                    return outcome;
                },
                Search = own.SearchAsync,
            };
        }),
        new("writes although nothing changes", "an-upsert-that-changes-nothing-writes-nothing", (index, store) => new AlteredIndex(index)
        {
            Upsert = (r, cancellation) =>
            {
                store.HasWritten();
                return index.UpsertAsync(r, cancellation);
            },
        }),
        new("returns true for every delete", "a-delete-says-whether-there-was-something", index => new AlteredIndex(index)
        {
            Delete = async (name, cancellation) => await index.DeleteAsync(name, cancellation) || true,
        }),
        new("returns false for every delete", "a-delete-says-whether-there-was-something", index => new AlteredIndex(index)
        {
            Delete = async (name, cancellation) => await index.DeleteAsync(name, cancellation) && false,
        }),
        new("fails to delete a missing repository", "a-delete-says-whether-there-was-something", index => new AlteredIndex(index)
        {
            Delete = async (name, cancellation) => await index.DeleteAsync(name, cancellation) ? true : throw new RegistryIndexException(index.Provider, "delete", "no such row.", mayRetry: false),
        }),
        new("deletes without regard to case", "a-delete-takes-that-name-only", index => Deleting(index, (name, r) => string.Equals(name, r.Name, StringComparison.OrdinalIgnoreCase))),
        new("deletes every name with that prefix", "a-delete-takes-that-name-only", index => Deleting(index, (name, r) => r.Name == name || r.Name.StartsWith(name + "/", StringComparison.Ordinal))),
        new("reads and then deletes, in two steps", "one-of-many-deletes-at-once-removes", (index, store) => new AlteredIndex(index)
        {
            Delete = async (name, cancellation) =>
            {
                var there = await index.GetAsync(name, cancellation) is not null;
                await CallBarrier.Of(store).ArriveAsync();
                await index.DeleteAsync(name, cancellation);
                return there;
            },
        }),
        new("restores a deleted description with the next write of its name", "nothing-is-restored-by-a-later-write", index =>
        {
            var deleted = new ConcurrentDictionary<string, string>();
            return new AlteredIndex(index)
            {
                Delete = async (name, cancellation) =>
                {
                    if (await index.GetAsync(name, cancellation) is { Description: { } text })
                        deleted[name] = text;
                    return await index.DeleteAsync(name, cancellation);
                },
                Import = (stream, options, cancellation) =>
                    index.ImportAsync(stream.Select(r => options.KeepDescriptions && r.Description is null && deleted.TryRemove(r.Name, out var text) ? new(r.Name, text) : r), options, cancellation),
            };
        }),
        new("restores a cleared description when it restarts", "nothing-is-restored-by-a-later-write", index =>
        {
            var before = new ConcurrentDictionary<string, Repository>();
            return new AlteredIndex(index)
            {
                Upsert = async (r, cancellation) =>
                {
                    if (await index.GetAsync(r.Name, cancellation) is { Description: not null } row && r.Description is null)
                        before[r.Name] = row;
                    return await index.UpsertAsync(r, cancellation);
                },
                Initialize = async cancellation =>
                {
                    await index.InitializeAsync(cancellation);
                    foreach (var row in before.Values)
                        await index.UpsertAsync(row, cancellation);
                },
            };
        }),
        new("makes a file name of a name", "names-that-differ-in-a-separator-are-two", index => Naming(index, name => name.Replace('/', '_'))),
        new("escapes a slash as 2f", "names-that-differ-in-a-separator-are-two", index => Naming(index, name => name.Replace("/", "2f", StringComparison.Ordinal))),
        new("joins runs of separators", "names-that-differ-in-a-separator-are-two", index => Naming(index, name => name.Replace("__", "_", StringComparison.Ordinal).Replace("--", "-", StringComparison.Ordinal))),
        new("reads from a cache", "get-reads-your-own-write", index =>
        {
            var cache = new ConcurrentDictionary<string, Repository?>();
            return new AlteredIndex(index)
            {
                Get = async (name, cancellation) => cache.TryGetValue(name, out var r) ? r : cache[name] = await index.GetAsync(name, cancellation),
            };
        }),
        new("refuses an invalid name in a get", "a-text-that-is-no-name-is-not-there", index => new AlteredIndex(index)
        {
            Get = (name, cancellation) => RepositoryName.FindProblem(name) is { } problem ? throw new ArgumentException(problem, nameof(name)) : index.GetAsync(name, cancellation),
        }),
        new("ignores spaces at the end of a name, as a padded column does", "a-text-that-is-no-name-is-not-there", index => new AlteredIndex(index)
        {
            Get = (name, cancellation) => index.GetAsync(name.TrimEnd(), cancellation),
        }),
    ];

    private static AlteredIndex Naming(MemoryIndex index, Func<string, string> key) => new(index)
    {
        Upsert = async (r, cancellation) =>
        {
            var twin = await index.ListAsync(cancellationToken: cancellation).FirstOrDefaultAsync(other => key(other.Name) == key(r.Name), cancellation);
            return await index.UpsertAsync(twin is null ? r : new(twin.Name, r.Description), cancellation);
        },
    };

    private static AlteredIndex Storing(MemoryIndex index, Func<string, string> store) => new(index)
    {
        Upsert = (r, cancellation) => index.UpsertAsync(r.FindProblem() is null && r.Description is { } text ? new(r.Name, store(text)) : r, cancellation),
    };

    private static AlteredIndex Checking(MemoryIndex index, Func<Repository, string?> problem) => new(index)
    {
        Upsert = (r, cancellation) => problem(r) is { } text ? throw new ArgumentException(text, nameof(problem)) : index.UpsertAsync(r, cancellation),
    };

    private static AlteredIndex Deleting(MemoryIndex index, Func<string, Repository, bool> takes) => new(index)
    {
        Delete = async (name, cancellation) =>
        {
            var removed = false;
            foreach (var repository in await index.ListAsync(cancellationToken: cancellation).Where(r => takes(name, r)).ToListAsync(cancellation))
                removed |= await index.DeleteAsync(repository.Name, cancellation);
            return removed;
        },
    };

    private static string Lower(string name) => name.ToLowerInvariant();

    internal static async Task<T> InTurnAsync<T>(SemaphoreSlim gate, Func<Task<T>> action)
    {
        await gate.WaitAsync();
        try
        {
            return await action();
        }
        finally
        {
            gate.Release();
        }
    }
}
