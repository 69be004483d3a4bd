using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>
/// Combines the elements of many concurrent callers into batches. A batch is formed only when the gate lets it through. So batches are fuller
/// when the store is busier, and a single caller does not wait for others.
/// </summary>
/// <param name="most">The largest number of elements in a batch.</param>
/// <param name="mostUnderWay">The largest number of concurrent batches. A smaller number makes batches fuller.</param>
/// <param name="gate">Limits these batches together with other requests.</param>
/// <param name="send">Sends all of a batch, or throws.</param>
/// <param name="cancellationToken">Cancels the batches that wait and those under way.</param>
internal sealed class Batcher<T>(int most, int mostUnderWay, AdaptiveGate gate, Func<IReadOnlyList<T>, Task> send, CancellationToken cancellationToken)
{
    private readonly Lock _lock = new();
    private readonly Queue<(T Element, Request Request)> _queue = new();
    private bool _isBatchDue;
    private int _underWay;

    /// <summary>Completes when each of the elements has been sent.</summary>
    public Task SendAsync(IReadOnlyCollection<T> elements)
    {
        if (elements.Count == 0)
            return Task.CompletedTask;
        var request = new Request(elements.Count);
        lock (_lock)
        {
            foreach (var element in elements)
                _queue.Enqueue((element, request));
        }

        StartBatch();
        return request.Completion;
    }

    // One batch at a time waits for the gate. When it is let through, it takes the gathered elements, and the next batch waits.
    private void StartBatch()
    {
        lock (_lock)
        {
            if (_isBatchDue || _queue.Count == 0 || _underWay >= mostUnderWay)
                return;
            _isBatchDue = true;
            _underWay++;
        }

        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        var batch = new List<(T Element, Request Request)>(most);
        try
        {
            await gate.RunAsync(async () =>
            {
                lock (_lock)
                {
                    while (batch.Count < most && _queue.TryDequeue(out var next))
                        batch.Add(next);
                    _isBatchDue = false;
                }

                StartBatch();
                await send([.. batch.Select(entry => entry.Element)]).ConfigureAwait(false);
                return batch.Count;
            }, cancellationToken).ConfigureAwait(false);
            foreach (var (_, request) in batch)
                request.ElementIsDone();
        }
        catch (Exception error)
        {
            Fail(batch, error);
        }

        lock (_lock)
            _underWay--;
        StartBatch();
    }

    private void Fail(List<(T Element, Request Request)> batch, Exception error)
    {
        lock (_lock)
        {
            // The batch was cancelled before the gate let it through, so no other batch will take the waiting elements.
            if (batch.Count == 0)
            {
                _isBatchDue = false;
                batch.AddRange(_queue);
                _queue.Clear();
            }
        }

        foreach (var (_, request) in batch)
            request.Fail(error);
    }

    private sealed class Request(int elements)
    {
        private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = elements;

        public Task Completion => _completion.Task;

        public void ElementIsDone()
        {
            if (Interlocked.Decrement(ref _left) == 0)
                _completion.TrySetResult();
        }

        public void Fail(Exception error) => _completion.TrySetException(error);
    }
}
