using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>Holds one change half-way until a reader, of whichever process, has read it.</summary>
internal sealed class Glimpse
{
    private static readonly ConditionalWeakTable<MemoryStore, Glimpse> OfStores = [];
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isHalf;

    public static Glimpse Of(MemoryStore store) => OfStores.GetOrCreateValue(store);

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
