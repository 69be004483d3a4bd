using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>Stops one change in the middle until a reader of any process has read it.</summary>
internal sealed class HalfDoneChange
{
    private static readonly ConditionalWeakTable<MemoryStore, HalfDoneChange> OfStores = [];
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isHalf;

    public static HalfDoneChange Of(MemoryStore store) => OfStores.GetOrCreateValue(store);

    public Task WaitAsync()
    {
        _isHalf = true;
        return _read.Task;
    }

    public async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        var isHalf = _isHalf;
        var result = await read();
        if (isHalf)
            _read.TrySetResult();
        return result;
    }

    public async IAsyncEnumerable<Repository> ReadAsync(IAsyncEnumerable<Repository> list)
    {
        foreach (var repository in await ReadAsync(() => list.ToListAsync().AsTask()))
            yield return repository;
    }
}
