using System.Runtime.ExceptionServices;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>
/// Works on many names at a time. After a failure nothing more is started. Started and drained from one thread at a time.
/// </summary>
internal sealed class Workers(int most) : IDisposable
{
    private readonly SemaphoreSlim _places = new(most);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task> _atWork = new(StringComparer.Ordinal);
    private ExceptionDispatchInfo? _failure;

    /// <summary>Waits until nobody works on any of these names.</summary>
    public Task WaitForAsync(IEnumerable<string> names)
    {
        lock (_lock)
            return Task.WhenAll(names.Select(name => _atWork.GetValueOrDefault(name)).OfType<Task>().ToList());
    }

    /// <summary>Waits for a place and starts on a name that nobody works on.</summary>
    /// <exception cref="Exception">What an earlier worker failed with.</exception>
    public async Task StartAsync(string name, Func<Task> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        ThrowIfFailed();
        var started = new TaskCompletionSource();
        lock (_lock)
            _atWork[name] = RunAsync(name, work, started.Task);
        started.SetResult();
    }

    /// <summary>Waits for all that was started; their failures are left to <see cref="ThrowIfFailed"/>.</summary>
    public async Task DrainAsync()
    {
        Task[] left;
        lock (_lock)
            left = [.. _atWork.Values];
        await Task.WhenAll(left).ConfigureAwait(false);
    }

    /// <summary>To be called when all is drained.</summary>
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
