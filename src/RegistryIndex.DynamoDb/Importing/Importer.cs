using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Importing;

/// <summary>
/// Upserts a stream: many repositories at a time, each by the write protocol, on a store that puts their requests into
/// common batches. Holds a bounded number of them, and may be killed and run again.
/// </summary>
internal sealed class Importer(DynamoDbStore store, RepositoryWriter writer, ImportOptions options, int window) : IDisposable
{
    /// <summary>How many repositories are mixed with each other.</summary>
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
                if (repository.FindProblem() is { } problem)
                {
                    options.Refused?.Invoke(new(repository, problem));
                    Count(new() { Refused = 1 });
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
            // Also when the stream failed: what was begun is finished before anybody hears of it.
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
        // What is read ahead must be what an earlier mention of the same name leaves.
        await _workers.WaitForAsync(some.Select(entry => entry.Name)).ConfigureAwait(false);
        await store.ReadAheadAsync([.. some.Select(entry => entry.Name)]).ConfigureAwait(false);
        foreach (var entry in some)
            await StartAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    private Task StartAsync(ImportEntry entry, CancellationToken cancellationToken) => _workers.StartAsync(entry.Name, async () =>
    {
        await writer.UpsertAsync(entry.Name, entry.Describe).ConfigureAwait(false);
        Count(entry.Result);
    }, cancellationToken);

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

    // Inside the lock, so that reports come one at a time and in order.
    private void Report()
    {
        lock (_gate)
        {
            _reported = _result.Total;
            options.Progress?.Report(_result);
        }
    }
}
