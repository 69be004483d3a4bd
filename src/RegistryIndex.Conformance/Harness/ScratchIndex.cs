using System.Runtime.CompilerServices;

namespace RegistryIndex.Conformance;

/// <summary>A place for one index of the kit's own. Disposing of it drops everything in it and leaves nothing behind.</summary>
public abstract class ScratchIndex : IAsyncDisposable
{
    /// <summary>
    /// Opens the index as another process would: nothing is shared with an index opened before but the store. Not
    /// initialized. The kit disposes of it if it can be disposed of, before it drops the place.
    /// </summary>
    public abstract Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Waits until searches see what has been written; unless overridden they see it at once (contract 5.7).</summary>
    public virtual Task WaitUntilVisibleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Makes the store fail from now on, for every operation of every index opened here; nothing in it is lost (<see cref="Capability.StoreFailures"/>).</summary>
    public virtual Task BreakAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>Lets so many requests to the store through from now on, and makes each one after them fail (<see cref="Capability.PartialFailures"/>).</summary>
    public virtual Task BreakAfterAsync(int requests, CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>Makes the store fail as it does when retrying is of no use: a permission is gone, or the whole database (<see cref="Capability.LastingFailures"/>).</summary>
    public virtual Task BreakForGoodAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>Makes the store answer nothing from now on; what asks it waits (<see cref="Capability.SlowStore"/>).</summary>
    public virtual Task HoldAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>A password or key of the settings with which <see cref="OpenAsync"/> opens the index (<see cref="Capability.KnownSecret"/>).</summary>
    public virtual string Secret => throw NotOverridden();

    /// <summary>Undoes <see cref="BreakAsync"/>, <see cref="BreakAfterAsync"/>, <see cref="BreakForGoodAsync"/> and <see cref="HoldAsync"/>.</summary>
    public virtual Task MendAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>A number that grows with every write into the store, and only then (<see cref="Capability.WriteCounts"/>).</summary>
    public virtual Task<long> CountWritesAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>
    /// Puts rows into the store as a predecessor left them, before any index was initialized; their names may break the
    /// grammar (<see cref="Capability.Predecessor"/>).
    /// </summary>
    public virtual Task PlantPredecessorAsync(IReadOnlyList<Repository> rows, CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>Puts something into the store that is not the index's: a table, a file, an attribute (<see cref="Capability.ForeignData"/>).</summary>
    public virtual Task PlantForeignDataAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>Says what has become of <see cref="PlantForeignDataAsync"/>, or null when it is as it was.</summary>
    public virtual Task<string?> FindDamageToForeignDataAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>
    /// Changes the schema version of the store to one that the provider cannot know (<see cref="Capability.UnknownSchema"/>).
    /// </summary>
    /// <returns>What an error must mention: what is found there now, and what the provider expects.</returns>
    public virtual Task<(string Found, string Expected)> MakeSchemaUnknownAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>Drops the index and everything else that was made here.</summary>
    public abstract ValueTask DisposeAsync();

    private NotSupportedException NotOverridden([CallerMemberName] string member = "") =>
        new($"{GetType().Name} does not override {member}; ConformanceHarness.WhyNot must say why.");
}
