namespace RegistryIndex.Conformance;

/// <summary>What the author of a provider implements, so that the kit can try it.</summary>
/// <remarks>The kit calls it from one thread at a time; a test adapter may use several instances at once.</remarks>
public abstract class ConformanceHarness
{
    /// <summary>What is tried, for the report: <c>files</c>, <c>efcore on SQLite</c>, …</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Says in one sentence why this harness cannot do something, or null when it can. The cases that need it are then
    /// skipped, and the report shows the reason.
    /// </summary>
    /// <remarks>
    /// Unless overridden: the index can be opened by several processes, and nothing else is there. A harness that says null
    /// for a capability overrides the members of <see cref="ScratchIndex"/> that belong to it.
    /// </remarks>
    public virtual string? WhyNot(Capability capability) => capability == Capability.SeveralProcesses
        ? null
        : $"The harness '{Name}' does not say how (ConformanceHarness.WhyNot, ScratchIndex).";

    /// <summary>Makes a place for an index that holds nothing and that no other test uses: a directory, a database, a table prefix.</summary>
    /// <returns>The place; the kit drops it by disposing of it.</returns>
    public abstract Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken);
}
