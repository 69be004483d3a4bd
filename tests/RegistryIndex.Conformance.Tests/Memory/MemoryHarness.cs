namespace RegistryIndex.Conformance.Tests.Memory;

/// <summary>A harness with all capabilities, for the correct provider or for a variant of it.</summary>
public sealed class MemoryHarness(Func<MemoryIndex, MemoryStore, IRegistryIndex> make) : ConformanceHarness
{
    /// <summary>The password of the store.</summary>
    public const string Password = "pa55word-of-the-store";

    private int _live;

    public MemoryHarness()
        : this((index, _) => index)
    {
    }

    /// <summary>The number of scratch indexes that were created and not dropped.</summary>
    public int Live => _live;

    public override string Name => "memory";

    public override string? WhyNot(Capability capability) => null;

    public override Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _live);
        return Task.FromResult<ScratchIndex>(new MemoryScratch(this));
    }

    private sealed class MemoryScratch(MemoryHarness harness) : ScratchIndex
    {
        private const string Foreign = "somebody else's";
        private readonly MemoryStore _store = new();

        public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken) => Task.FromResult(harness.Make(_store));

        public override Task BreakAsync(CancellationToken cancellationToken) => Do(() => _store.IsBroken = true);

        public override Task MendAsync(CancellationToken cancellationToken) => Do(_store.Mend);

        public override Task BreakAfterAsync(int requests, CancellationToken cancellationToken) => Do(() => _store.RequestsLeft = requests);

        public override Task BreakForGoodAsync(CancellationToken cancellationToken) => Do(() => (_store.IsBroken, _store.IsLasting) = (true, true));

        public override Task HoldAsync(CancellationToken cancellationToken) => Do(() => _store.Held = new(TaskCreationOptions.RunContinuationsAsynchronously));

        public override string Secret => Password;

        public override Task<long> CountWritesAsync(CancellationToken cancellationToken) => Task.FromResult(_store.Writes);

        public override Task PlantPredecessorAsync(IReadOnlyList<Repository> rows, CancellationToken cancellationToken) => Do(() => _store.Predecessor = rows);

        public override Task PlantForeignDataAsync(CancellationToken cancellationToken) => Do(() => _store.Foreign = Foreign);

        public override Task<string?> FindDamageToForeignDataAsync(CancellationToken cancellationToken) =>
            Task.FromResult(_store.Foreign == Foreign ? null : $"it is now '{_store.Foreign}'");

        public override Task<(string Found, string Expected)> MakeSchemaUnknownAsync(CancellationToken cancellationToken)
        {
            _store.SchemaVersion = "99";
            return Task.FromResult(("99", MemoryStore.Schema));
        }

        public override ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref harness._live);
            return ValueTask.CompletedTask;
        }

        private static Task Do(Action action)
        {
            action();
            return Task.CompletedTask;
        }
    }

    private IRegistryIndex Make(MemoryStore store) => make(new(store), store);
}
