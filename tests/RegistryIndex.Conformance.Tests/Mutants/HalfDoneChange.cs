using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>Stops one change in the middle until a reader of any process has read it.</summary>
internal sealed class HalfDoneChange
{
    private static readonly ConditionalWeakTable<MemoryStore, HalfDoneChange> OfStores = [];
    private static readonly SemaphoreSlim Gate = new(1);
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isHalf;

    public static HalfDoneChange Of(MemoryStore store) => OfStores.GetOrCreateValue(store);

    /// <summary>Makes the first half of a change, and waits until it has been read if it changed something.</summary>
    /// <remarks>No read occurs between the half and the note of it. Otherwise a case that fails by that read never reads again.</remarks>
    public async Task MakeAsync(Func<Task<bool>> half)
    {
        var isMade = await WritingMutants.InTurnAsync(Gate, async () =>
        {
            var changed = await half();
            _isHalf |= changed;
            return changed;
        });
        if (isMade)
            await _read.Task;
    }

    public Task<T> ReadAsync<T>(Func<Task<T>> read) => WritingMutants.InTurnAsync(Gate, async () =>
    {
        var result = await read();
        if (_isHalf)
            _read.TrySetResult();
        return result;
    });

    public async IAsyncEnumerable<Repository> ReadAsync(IAsyncEnumerable<Repository> list)
    {
        foreach (var repository in await ReadAsync(() => list.ToListAsync().AsTask()))
            yield return repository;
    }
}
