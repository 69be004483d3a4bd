using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Model;

/// <summary>A provider and the reference, to which the same is done.</summary>
internal sealed class Duel(CaseRun run, IRegistryIndex index)
{
    private readonly IRegistryIndex _first = index;
    private IRegistryIndex? _second;

    /// <summary>The provider, as the process sees it that is acting.</summary>
    public IRegistryIndex Index { get; private set; } = index;

    public ReferenceIndex Reference { get; } = new();

    public CancellationToken Cancellation => run.Cancellation;

    public async Task SwitchAsync()
    {
        _second ??= await run.OpenAsync().ConfigureAwait(false);
        Index = Index == _first ? _second : _first;
    }
}
