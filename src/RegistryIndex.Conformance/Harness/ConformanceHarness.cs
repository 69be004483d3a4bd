namespace RegistryIndex.Conformance;

/// <summary>The base class that the author of a provider implements so that the kit can test the provider.</summary>
/// <remarks>The kit calls it from one thread at a time. A test adapter may use several instances at the same time.</remarks>
public abstract class ConformanceHarness
{
    /// <summary>The name of the tested provider in the report: <c>files</c>, <c>efcore on SQLite</c>, …</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Explains in one sentence why this harness lacks a capability, or returns null when it has it. Cases that need a missing capability are
    /// skipped, and the report shows the reason.
    /// </summary>
    /// <remarks>
    /// By default several processes can open the index, and the harness has no other capability. A harness that returns null
    /// for a capability overrides the members of <see cref="ScratchIndex"/> that belong to it.
    /// </remarks>
    public virtual string? WhyNot(Capability capability) => capability == Capability.SeveralProcesses
        ? null
        : $"The harness '{Name}' does not say how (ConformanceHarness.WhyNot, ScratchIndex).";

    /// <summary>Creates an empty place for an index that no other test uses: a directory, a database, a table prefix.</summary>
    /// <returns>The place. The kit disposes of it to drop it.</returns>
    public abstract Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken);
}
