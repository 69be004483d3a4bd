namespace RegistryIndex.DynamoDb.Requests;

/// <summary>
/// Lets so many requests through at a time as DynamoDB bears: one more after each round without a complaint, half as many
/// after a throttle.
/// </summary>
internal sealed class AdaptiveGate(int start, int most)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _capacity = start;
    private int _inside;
    private int _calm;
    private int _slowAt;

    /// <summary>How many requests are let through at the moment.</summary>
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

    /// <summary>DynamoDB asked to slow down. What was under way already says it only once.</summary>
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

            // Completed by Leave only: whoever is let in must come out, cancelled or not.
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
