using System.Runtime.CompilerServices;

namespace RegistryIndex.Conformance;

/// <summary>A place for one index of the kit. Disposing of it drops everything in it and leaves nothing behind.</summary>
public abstract class ScratchIndex : IAsyncDisposable
{
    /// <summary>
    /// Opens the index as another process would: it shares only the store with indexes opened before. The index is not
    /// initialized. If the index is disposable, the kit disposes of it before it drops the place.
    /// </summary>
    public abstract Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The source of an index that <see cref="OpenAsync"/> returned, or null if the provider has none (contract 6.6). Override it if the index
    /// comes from a container, which has the source as a service of its own.
    /// </summary>
    public virtual IRegistryIndexSource? FindSource(IRegistryIndex index) => index as IRegistryIndexSource;

    /// <summary>
    /// Waits until searches, lists and counts see all writes. By default they see writes at once (contract 2.12, 5.7). May be called by several
    /// threads at once.
    /// </summary>
    public virtual Task WaitUntilVisibleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Makes the store fail from now on, for every operation of every index opened here. The store keeps its data
    /// (<see cref="Capability.StoreFailures"/>).
    /// </summary>
    public virtual Task BreakAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>
    /// Lets the given number of requests to the store succeed and makes every later request fail (<see cref="Capability.PartialFailures"/>).
    /// </summary>
    public virtual Task BreakAfterAsync(int requests, CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>
    /// Makes the store fail so that a retry cannot help: a permission is gone, or the whole database (<see cref="Capability.LastingFailures"/>).
    /// </summary>
    public virtual Task BreakForGoodAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>Makes the store stop responding from now on, so that requests wait (<see cref="Capability.SlowStore"/>).</summary>
    public virtual Task HoldAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>A password or key in the settings that <see cref="OpenAsync"/> uses (<see cref="Capability.KnownSecret"/>).</summary>
    public virtual string Secret => throw NotOverridden();

    /// <summary>Undoes <see cref="BreakAsync"/>, <see cref="BreakAfterAsync"/>, <see cref="BreakForGoodAsync"/> and <see cref="HoldAsync"/>.</summary>
    public virtual Task MendAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>Returns a number that grows with every write to the store and not otherwise (<see cref="Capability.WriteCounts"/>).</summary>
    public virtual Task<long> CountWritesAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>
    /// Puts rows into the store as a predecessor would have left them, before any index is initialized. Their names may break the
    /// grammar (<see cref="Capability.Predecessor"/>).
    /// </summary>
    public virtual Task PlantPredecessorAsync(IReadOnlyList<Repository> rows, CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>
    /// Puts data into the store that does not belong to the index: a table, a file, an attribute (<see cref="Capability.ForeignData"/>).
    /// </summary>
    public virtual Task PlantForeignDataAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>Describes what happened to the data of <see cref="PlantForeignDataAsync"/>, or returns null when it is unchanged.</summary>
    public virtual Task<string?> FindDamageToForeignDataAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>
    /// Changes the schema version of the store to one that the provider cannot know (<see cref="Capability.UnknownSchema"/>).
    /// </summary>
    /// <returns>What the error must mention: the version that is now in the store, and the version that the provider expects.</returns>
    public virtual Task<(string Found, string Expected)> MakeSchemaUnknownAsync(CancellationToken cancellationToken) => throw NotOverridden();

    /// <summary>Drops the index and everything else that was created here.</summary>
    public abstract ValueTask DisposeAsync();

    private NotSupportedException NotOverridden([CallerMemberName] string member = "") =>
        new($"{GetType().Name} does not override {member}; ConformanceHarness.WhyNot must say why.");
}
