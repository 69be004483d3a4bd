namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// Limits the number of concurrent requests to what DynamoDB accepts: one more after each round without a throttle, half as many after a throttle.
/// </summary>
internal sealed class AdaptiveGate(int start, int most)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _capacity = start;
    private int _inside;
    private int _calm;
    private int _slowAt;

    /// <summary>The number of requests that are under way.</summary>
    public int Inside
    {
        get
        {
            lock (_lock)
                return _inside;
        }
    }

    public async Task<T> RunAsync<T>(Func<Task<T>> request, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await request().ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Halves the limit after a throttle. Requests that were already under way count as one throttle.</summary>
    public void Slow()
    {
        lock (_lock)
        {
            if (_slowAt > 0)
                return;
            _slowAt = _inside;
            _capacity = Math.Max(1, _capacity / 2);
            _calm = 0;
        }
    }

    private Task EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_inside < _capacity)
            {
                _inside++;
                return Task.CompletedTask;
            }

            // Only Leave completes this. A request that was let in must leave, even if it was cancelled.
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
            return turn.Task;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _inside--;
            if (_slowAt > 0)
            {
                _slowAt--;
            }
            else if (++_calm >= _capacity && _capacity < most)
            {
                _capacity++;
                _calm = 0;
            }

            while (_inside < _capacity && _waiting.TryDequeue(out var turn))
            {
                _inside++;
                turn.SetResult();
            }
        }
    }
}
