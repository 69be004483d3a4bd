using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Writing;

/// <summary>
/// Puts what many callers ask for at the same time into common batches. A batch is made only when the gate lets it
/// through, so the busier the store the fuller they are, and a lone caller waits for nobody.
/// </summary>
/// <param name="most">The most elements of a batch.</param>
/// <param name="mostUnderWay">The most batches under way; fewer make fuller ones.</param>
/// <param name="gate">Limits what is under way together with others.</param>
/// <param name="send">Sends a batch; all of it or an exception.</param>
/// <param name="cancellationToken">Ends what is waiting and what is under way.</param>
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

    // One batch waits for the gate at a time; let through, it takes what has gathered and makes way for the next.
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
            // Cancelled before the gate let it through: nobody else will come for what waits.
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
