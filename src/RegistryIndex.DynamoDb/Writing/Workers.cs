using System.Runtime.ExceptionServices;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>
/// Runs work on many names concurrently. After a failure, no more work is started. One thread at a time may start and drain.
/// </summary>
internal sealed class Workers(int most) : IDisposable
{
    private readonly SemaphoreSlim _places = new(most);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task> _atWork = new(StringComparer.Ordinal);
    private ExceptionDispatchInfo? _failure;

    /// <summary>Waits until no work on any of these names is running.</summary>
    public Task WaitForAsync(IEnumerable<string> names)
    {
        lock (_lock)
            return Task.WhenAll(names.Select(name => _atWork.GetValueOrDefault(name)).OfType<Task>().ToList());
    }

    /// <summary>Waits for a free place and starts work on a name that has no running work.</summary>
    /// <exception cref="Exception">The failure of an earlier work item.</exception>
    public async Task StartAsync(string name, Func<Task> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        ThrowIfFailed();
        var started = new TaskCompletionSource();
        lock (_lock)
            _atWork[name] = RunAsync(name, work, started.Task);
        started.SetResult();
    }

    /// <summary>Waits for all work that was started. <see cref="ThrowIfFailed"/> reports its failures.</summary>
    public async Task DrainAsync()
    {
        Task[] left;
        lock (_lock)
            left = [.. _atWork.Values];
        await Task.WhenAll(left).ConfigureAwait(false);
    }

    /// <summary>Call this after all work has ended.</summary>
    public void Dispose() => _places.Dispose();

    public void ThrowIfFailed() => _failure?.Throw();

    private async Task RunAsync(string name, Func<Task> work, Task started)
    {
        await started.ConfigureAwait(false);
        try
        {
            await Task.Run(work).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(error), null);
        }

        lock (_lock)
            _atWork.Remove(name);
        _places.Release();
    }
}
