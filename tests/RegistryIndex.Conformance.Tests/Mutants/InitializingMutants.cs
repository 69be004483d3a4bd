using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Testing;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class InitializingMutants
{
    private static readonly ConditionalWeakTable<MemoryStore, StrongBox<int>> Looked = [];

    public static IEnumerable<Mutant> All { get; } =
    [
        new("wipes the index when it initializes", "initialize-can-be-called-again", (index, store) => Then(index, () => store.Wipe())),
        new("wipes the index when another process initializes", "an-index-outlives-its-process", (index, store) =>
        {
            var first = true;
            return Then(index, () =>
            {
                if (first)
                    store.Wipe();
                first = false;
            });
        }),
        new("fails the second time", "initialize-can-be-called-again", index =>
        {
            var done = false;
            return Then(index, () => done = !done ? true : throw new RegistryIndexException(index.Provider, "initialize", "the table exists already.", mayRetry: false));
        }),
        new("fails when another process was faster", "many-processes-initialize-at-once", (index, store) => new AlteredIndex(index)
        {
            Initialize = async cancellation =>
            {
                var (there, looked) = (store.Data is not null, Looked.GetOrCreateValue(store));
                var isFirst = Interlocked.Increment(ref looked.Value) == 1;
                // Two processes check before the first of them creates, as with real tables.
                await Eventually.BeAsync(() => looked.Value > 1 && (isFirst || store.Data is not null));
                if (!there && !isFirst)
                    throw new RegistryIndexException(index.Provider, "initialize", "the table exists already.", mayRetry: true);
                await index.InitializeAsync(cancellation);
            },
        }),
        new("creates an index that contains an example", "initialize-makes-an-empty-index", (index, store) => Then(index, () => store.Wipe([new("example", "delete me")]))),
        new("keeps its index in its own process", "an-index-outlives-its-process", _ => new ReferenceIndex()),
        new("does not adopt a predecessor's rows", "rows-of-a-predecessor-are-adopted", (index, store) => Before(index, () => store.Predecessor = [])),
        new("adopts rows but not their descriptions", "rows-of-a-predecessor-are-adopted", (index, store) => Before(index, () => store.Predecessor = [.. store.Predecessor.Select(row => new Repository(row.Name))])),
        new("adopts again at each start and restores deleted repositories", "rows-of-a-predecessor-are-adopted", (index, store) => new AlteredIndex(index)
        {
            Initialize = async cancellation =>
            {
                await index.InitializeAsync(cancellation);
                await index.ImportAsync(store.Predecessor.ToAsyncEnumerable(), new() { KeepDescriptions = true }, cancellation);
            },
        }),
        new("omits rows with odd names", "odd-rows-of-a-predecessor-are-kept", (index, store) => Before(index, () => store.Predecessor = [.. store.Predecessor.Where(row => row.FindProblem() is null)])),
        new("cannot delete rows with odd names", "odd-rows-of-a-predecessor-are-kept", index => new AlteredIndex(index)
        {
            Delete = (name, cancellation) => RepositoryName.FindProblem(name) is null ? index.DeleteAsync(name, cancellation) : Task.FromResult(false),
        }),
        new("returns a predecessor's long descriptions whole by get and cut in lists", "a-predecessor-s-long-text-is-found-as-it-is-shown", (index, store) => new AlteredIndex(index)
        {
            Get = async (name, cancellation) => store.Predecessor.FirstOrDefault(row => row.Name == name) ?? await index.GetAsync(name, cancellation),
        }),
        new("omits rows whose descriptions are too long", "a-predecessor-s-long-text-is-found-as-it-is-shown", (index, store) => Before(index, () => store.Predecessor = [.. store.Predecessor.Where(r => r.Description is not { Length: > RepositoryDescription.MaxCodePoints })])),
        new("adopts the first 350 code points of a description", "a-predecessor-s-long-text-is-found-as-it-is-shown", (index, store) => Before(index, () => store.Predecessor = [.. store.Predecessor.Select(r => new Repository(r.Name, r.Description is { } text ? string.Concat(text.EnumerateRunes().Take(RepositoryDescription.MaxCodePoints)) : null))])),
        new("drops objects of others", "what-is-not-the-index-s-is-left-alone", (index, store) => Then(index, () => store.Foreign = null)),
        new("changes objects of others", "what-is-not-the-index-s-is-left-alone", (index, store) => Then(index, () => store.Foreign += ", and ours")),
        new("accepts an unknown schema", "an-unknown-schema-is-refused", (index, store) => Before(index, () => store.SchemaVersion = MemoryStore.Schema)),
        new("refuses an unknown schema without naming it", "an-unknown-schema-is-refused", (index, store) => Refusing(index, store, "the schema is unknown.", mayRetry: false)),
        new("says that a retry may help with an unknown schema", "an-unknown-schema-is-refused", (index, store) => Refusing(index, store, "the schema is '99' and not '1'.", mayRetry: true)),
        new("repairs an unknown schema the second time", "an-unknown-schema-is-refused", (index, store) => new AlteredIndex(index)
        {
            Initialize = async cancellation =>
            {
                try
                {
                    await index.InitializeAsync(cancellation);
                }
                finally
                {
                    store.SchemaVersion = MemoryStore.Schema;
                }
            },
        }),
        new("creates an index to read it", "reading-creates-nothing", (index, store) => Looking(index, () => store.Create())),
        new("reports an empty index as missing", "reading-creates-nothing", (index, store) => new AlteredIndex(index)
        {
            OpenForReading = async cancellation =>
                store.Data is { } data && await data.ListAsync(cancellationToken: cancellation).AnyAsync(cancellation) ? SourceState.Searchable : SourceState.Missing,
        }),
        new("writes to the store when it is read", "reading-creates-nothing", (index, store) => Looking(index, () => store.HasWritten())),
        new("reads only the content at the time of opening", "reading-creates-nothing", (index, store) =>
        {
            var read = (IRegistryIndex)index;
            return new AlteredIndex(index)
            {
                OpenForReading = async cancellation =>
                {
                    var state = await index.OpenForReadingAsync(cancellation);
                    if (state == SourceState.Searchable)
                        read = new ReferenceIndex(await index.ListAsync(cancellationToken: cancellation).ToListAsync(cancellation));
                    return state;
                },
                List = (after, cancellation) => read.ListAsync(after, cancellation),
            };
        }),
        new("stays read-only permanently", "reading-creates-nothing", index =>
        {
            var isRead = false;
            return new AlteredIndex(index)
            {
                OpenForReading = cancellation =>
                {
                    isRead = true;
                    return index.OpenForReadingAsync(cancellation);
                },
                Delete = (name, cancellation) => isRead ? Task.FromResult(false) : index.DeleteAsync(name, cancellation),
            };
        }),
        new("adopts a predecessor's rows to read them", "a-predecessor-s-rows-are-read-and-not-adopted", (index, store) => new AlteredIndex(index)
        {
            OpenForReading = cancellation =>
            {
                store.HasWritten();
                store.Create();
                return index.OpenForReadingAsync(cancellation);
            },
        }),
        new("adopts a predecessor's rows while they are read", "a-predecessor-s-rows-are-read-and-not-adopted", (index, store) => Looking(index, () => store.Create())),
        new("reads no rows of a predecessor", "a-predecessor-s-rows-are-read-and-not-adopted", (index, store) => new AlteredIndex(index)
        {
            OpenForReading = _ => Task.FromResult(store.Data is null ? SourceState.Missing : SourceState.Searchable),
        }),
    ];

    private static AlteredIndex Looking(MemoryIndex index, Action then) => new(index)
    {
        OpenForReading = async cancellation =>
        {
            var state = await index.OpenForReadingAsync(cancellation);
            then();
            return state;
        },
    };

    private static AlteredIndex Before(MemoryIndex index, Action action) => new(index)
    {
        Initialize = cancellation =>
        {
            action();
            return index.InitializeAsync(cancellation);
        },
    };

    private static AlteredIndex Then(MemoryIndex index, Action action) => new(index)
    {
        Initialize = async cancellation =>
        {
            await index.InitializeAsync(cancellation);
            action();
        },
    };

    private static AlteredIndex Refusing(MemoryIndex index, MemoryStore store, string problem, bool mayRetry) =>
        Before(index, () => _ = store.SchemaVersion == MemoryStore.Schema ? 0 : throw new RegistryIndexException(index.Provider, "initialize", problem, mayRetry));
}
