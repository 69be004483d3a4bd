using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class StartingMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("remembers for ever that it could not be initialized", "a-store-that-is-away-at-the-start-is-used-when-it-is-back", index =>
        {
            Task? first = null;
            return new Bent(index) { Initialize = cancellation => first ??= index.InitializeAsync(cancellation) };
        }),
        new("takes a failed initialization for done", "a-store-that-is-away-at-the-start-is-used-when-it-is-back", index =>
        {
            var isDone = false;
            return new Bent(index)
            {
                Initialize = async cancellation =>
                {
                    if (isDone)
                        return;
                    isDone = true;
                    await index.InitializeAsync(cancellation);
                },
            };
        }),
        new("initializes nothing where the store is away, and says nothing", "a-store-that-is-away-at-the-start-is-used-when-it-is-back", (index, store) => new Bent(index)
        {
            Initialize = cancellation => store.IsBroken ? Task.CompletedTask : index.InitializeAsync(cancellation),
        }),
        new("cannot be opened before the store is there", "a-store-that-is-away-at-the-start-is-used-when-it-is-back", (index, store) =>
        {
            var wasAway = store.IsBroken;
            return new Bent(index) { Initialize = cancellation => wasAway ? throw new RegistryIndexException(index.Provider, "initialize", "it has no connection.", mayRetry: true) : index.InitializeAsync(cancellation) };
        }),
        new("remembers for ever that its initialization was cancelled", "an-initialization-that-was-cancelled-is-completed", index =>
        {
            Task? first = null;
            return new Bent(index) { Initialize = cancellation => first ??= index.InitializeAsync(cancellation) };
        }),
        new("ignores that its initialization is cancelled", "an-initialization-that-was-cancelled-is-completed", index => new Bent(index) { Initialize = _ => index.InitializeAsync(CancellationToken.None) }),
        new("takes rows for adopted as soon as it has begun to", "an-adoption-that-was-cancelled-is-completed", (index, store) => new Bent(index)
        {
            Initialize = async cancellation =>
            {
                if (cancellation.IsCancellationRequested)
                    store.Predecessor = [.. store.Predecessor.Take(100)];
                cancellation.ThrowIfCancellationRequested();
                await index.InitializeAsync(cancellation);
            },
        }),
        new("notes its version before it looks at the one that is there", "a-refused-schema-is-left-as-it-was", (index, store) => new Bent(index)
        {
            Initialize = cancellation =>
            {
                if (store.SchemaVersion != MemoryStore.Schema)
                    store.HasWritten();
                return index.InitializeAsync(cancellation);
            },
        }),
    ];
}
