using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>Holds the first call until a second one is as far, so that what goes wrong between two calls goes wrong every time.</summary>
internal sealed class Meeting
{
    private static readonly ConditionalWeakTable<MemoryStore, Meeting> OfStores = [];
    private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    /// <summary>The one of all processes that share a store.</summary>
    public static Meeting Of(MemoryStore store) => OfStores.GetOrCreateValue(store);

    public Task ComeAsync()
    {
        if (Interlocked.Increment(ref _calls) == 1)
            return _second.Task;
        _second.TrySetResult();
        return Task.CompletedTask;
    }
}
