using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Model;

/// <summary>A provider and the reference index, which receive the same calls.</summary>
internal sealed class ReferenceComparison(CaseRun run, IRegistryIndex index)
{
    private readonly IRegistryIndex _first = index;
    private IRegistryIndex? _second;

    /// <summary>The provider's index in the process that currently acts.</summary>
    public IRegistryIndex Index { get; private set; } = index;

    public ReferenceIndex Reference { get; } = new();

    public CancellationToken Cancellation => run.Cancellation;

    public async Task SwitchAsync()
    {
        _second ??= await run.OpenAsync().ConfigureAwait(false);
        Index = Index == _first ? _second : _first;
    }
}
