using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Importing;

/// <summary>
/// Upserts a stream. Many repositories are written at a time, each by the write protocol, and the store combines their requests into batches.
/// Memory holds a bounded number of repositories. An import that was killed can be run again.
/// </summary>
internal sealed class Importer(DynamoDbStore store, RepositoryWriter writer, ImportOptions options, int window) : IDisposable
{
    /// <summary>The number of repositories that are shuffled together.</summary>
    public const int DefaultWindow = 4096;

    private const int AtOnce = 256;
    private const int ReportEvery = 100;

    private readonly ShuffleWindow _window = new(options.KeepDescriptions);
    private readonly Workers _workers = new(AtOnce);
    private readonly Lock _gate = new();
    private ImportResult _result = ImportResult.None;
    private long _reported;

    public async Task<ImportResult> RunAsync(IAsyncEnumerable<Repository> repositories, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var repository in repositories.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (repository.FindProblem() is { } problem)
                {
                    Refuse(repository, problem);
                    continue;
                }

                _window.Add(repository);
                if (_window.Count >= window)
                    await StartSomeAsync(cancellationToken).ConfigureAwait(false);
            }

            while (_window.Count > 0)
                await StartSomeAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Also after the stream failed: every write that was started must end before the caller gets the result.
            await _workers.DrainAsync().ConfigureAwait(false);
        }

        _workers.ThrowIfFailed();
        Report();
        return _result;
    }

    public void Dispose() => _workers.Dispose();

    private async Task StartSomeAsync(CancellationToken cancellationToken)
    {
        List<ImportEntry> some = [];
        while (_window.Count > 0 && some.Count < Batches.MostReads)
            some.Add(_window.TakeAny());
        // The rows that are read ahead must include the writes of earlier mentions of the same name.
        await _workers.WaitForAsync(some.Select(entry => entry.Name)).ConfigureAwait(false);
        await store.ReadAheadAsync([.. some.Select(entry => entry.Name)]).ConfigureAwait(false);
        foreach (var entry in some)
            await StartAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    private Task StartAsync(ImportEntry entry, CancellationToken cancellationToken) => _workers.StartAsync(entry.Name, async () =>
    {
        await writer.UpsertAsync(entry.Name, entry.WriteOver).ConfigureAwait(false);
        Count(entry.Result);
    }, cancellationToken);

    // Inside the lock, because workers that run already report their progress (contract 2.11).
    private void Refuse(Repository repository, string problem)
    {
        lock (_gate)
        {
            options.Refused?.Invoke(new(repository, problem));
            Count(new() { Refused = 1 });
        }
    }

    private void Count(ImportResult result)
    {
        lock (_gate)
        {
            _result += result;
            if (_result.Total - _reported < ReportEvery)
                return;
            Report();
        }
    }

    // Reports inside the lock, so that reports come one at a time and in order.
    private void Report()
    {
        lock (_gate)
        {
            _reported = _result.Total;
            options.Progress?.Report(_result);
        }
    }
}
