using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>Holds calls until others have come as far, so that an error between concurrent calls occurs every time.</summary>
internal sealed class CallBarrier
{
    private static readonly ConditionalWeakTable<MemoryStore, CallBarrier> OfStores = [];
    private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private int _gathered;

    /// <summary>The instance of all processes that share a store.</summary>
    public static CallBarrier Of(MemoryStore store) => OfStores.GetOrCreateValue(store);

    /// <summary>Holds the first call until there is a second one.</summary>
    public Task ArriveAsync()
    {
        if (Interlocked.Increment(ref _calls) == 1)
            return _second.Task;
        _second.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>Holds calls until so many of them have come, each time anew.</summary>
    public Task GatherAsync(int calls)
    {
        lock (_gate)
        {
            if (++_gathered % calls != 0)
                return _all.Task;
            _all.SetResult();
            _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return Task.CompletedTask;
        }
    }
}
