using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class StartingMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("stays failed after a failed initialization", "a-store-that-is-away-at-the-start-is-used-when-it-is-back", index =>
        {
            Task? first = null;
            return new AlteredIndex(index) { Initialize = cancellation => first ??= index.InitializeAsync(cancellation) };
        }),
        new("treats a failed initialization as done", "a-store-that-is-away-at-the-start-is-used-when-it-is-back", index =>
        {
            var isDone = false;
            return new AlteredIndex(index)
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
        new("ignores an unreachable store when it is initialized", "a-store-that-is-away-at-the-start-is-used-when-it-is-back", (index, store) => new AlteredIndex(index)
        {
            Initialize = cancellation => store.IsBroken ? Task.CompletedTask : index.InitializeAsync(cancellation),
        }),
        new("cannot be opened while the store is unreachable", "a-store-that-is-away-at-the-start-is-used-when-it-is-back", (index, store) =>
        {
            var wasAway = store.IsBroken;
            return new AlteredIndex(index) { Initialize = cancellation => wasAway ? throw new RegistryIndexException(index.Provider, "initialize", "it has no connection.", mayRetry: true) : index.InitializeAsync(cancellation) };
        }),
        new("stays failed after a cancelled initialization", "an-initialization-that-was-cancelled-is-completed", index =>
        {
            Task? first = null;
            return new AlteredIndex(index) { Initialize = cancellation => first ??= index.InitializeAsync(cancellation) };
        }),
        new("ignores that its initialization is cancelled", "an-initialization-that-was-cancelled-is-completed", index => new AlteredIndex(index) { Initialize = _ => index.InitializeAsync(CancellationToken.None) }),
        new("treats rows as adopted as soon as the adoption begins", "an-adoption-that-was-cancelled-is-completed", (index, store) => new AlteredIndex(index)
        {
            Initialize = async cancellation =>
            {
                if (cancellation.IsCancellationRequested)
                    store.Predecessor = [.. store.Predecessor.Take(100)];
                cancellation.ThrowIfCancellationRequested();
                await index.InitializeAsync(cancellation);
            },
        }),
        new("writes its version before it reads the stored one", "a-refused-schema-is-left-as-it-was", (index, store) => new AlteredIndex(index)
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
