namespace RegistryIndex;

/// <summary>The right to do a piece of <see cref="IndexWork"/>. The lease is renewed until it is completed or disposed of.</summary>
public sealed class IndexLease : IAsyncDisposable
{
    private readonly IndexWork _work;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewal;
    private WorkMark _mark;
    private string _text;
    private string? _attempted;
    private bool _done;

    internal IndexLease(IndexWork work, WorkMark mark, string text)
    {
        _work = work;
        (_mark, _text) = (mark, text);
        _renewal = RenewAsync();
    }

    /// <summary>The progress of the previous holder, or null if the work has not made any.</summary>
    public string? Progress => _mark.Progress;

    /// <summary>Cancelled when another process has taken over the work. Stop then; the index is not damaged.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>
    /// Stores the progress of the work, for the next process after a crash. A text too long for a mark is not stored, and the previous progress
    /// stays.
    /// </summary>
    /// <exception cref="OperationCanceledException">Another process has taken over the work.</exception>
    public Task CheckpointAsync(string progress, CancellationToken cancellationToken = default) =>
        ReplaceAsync(
            mark =>
            {
                var renewed = mark with { Holder = LeaseHolder.New() };
                var next = renewed with { Progress = progress };
                return next.ToText().Length <= IndexMark.MaxLength ? next : renewed;
            },
            cancellationToken);

    /// <summary>Marks the work as done.</summary>
    /// <exception cref="OperationCanceledException">Another process has taken over the work.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        await ReplaceAsync(mark => mark with { State = WorkState.Done, Holder = null, Progress = null }, cancellationToken).ConfigureAwait(false);
        _done = true;
    }

    /// <summary>Stops the renewal and releases unfinished work, so that the next process need not wait.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _renewal.ConfigureAwait(false);
        if (!_done && !_lost.IsCancellationRequested)
            await PutDownAsync().ConfigureAwait(false);
        _ended.Dispose();
        _lost.Dispose();
        _turn.Dispose();
    }

    private async Task PutDownAsync()
    {
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5), _work.Time);
            await ReplaceAsync(mark => mark with { Holder = null }, soon.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The store is not available. The lease expires by itself.
        }
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(_work.Duration / 3, _work.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
            {
                try
                {
                    await ReplaceAsync(mark => mark with { Holder = LeaseHolder.New() }, _ended.Token).ConfigureAwait(false);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // The next tick tries again. If that keeps failing, another process takes over, and the next successful call notices it.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The lease has ended, or it was lost, which Lost reports.
        }
    }

    private async Task ReplaceAsync(Func<WorkMark, WorkMark> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_done)
                return;
            var next = change(_mark);
            var text = next.ToText();
            if (!await TryReplaceAsync(text, cancellationToken).ConfigureAwait(false))
            {
                await _lost.CancelAsync().ConfigureAwait(false);
                throw new OperationCanceledException($"Another process has taken over the {_work.Name} of the index.", _lost.Token);
            }

            (_mark, _text) = (next, text);
        }
        finally
        {
            _turn.Release();
        }
    }

    // A replacement may have succeeded although its reply was lost. Then the mark has the last attempted text, and the lease is still ours.
    private async Task<bool> TryReplaceAsync(string text, CancellationToken cancellationToken)
    {
        var uncertain = _attempted;
        _attempted = text;
        if (await _work.Index.TryReplaceMarkAsync(_work.Name, _text, text, cancellationToken).ConfigureAwait(false))
        {
            _attempted = null;
            return true;
        }

        return uncertain is not null
            && await _work.Index.TryReplaceMarkAsync(_work.Name, uncertain, text, cancellationToken).ConfigureAwait(false);
    }
}
