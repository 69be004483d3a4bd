using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RegistryIndex.Diagnostics;

/// <summary>Measures and traces every call of an index of any provider.</summary>
internal sealed class ObservedRegistryIndex(IRegistryIndex inner, IndexMetrics metrics) : IRegistryIndex
{
    public string Provider => inner.Provider;

    public IndexCapabilities Capabilities => inner.Capabilities;

    public Task InitializeAsync(CancellationToken cancellationToken) =>
        ObserveAsync("initialize", async () =>
        {
            await inner.InitializeAsync(cancellationToken).ConfigureAwait(false);
            return true;
        });

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken) =>
        ObserveAsync("get", () => inner.GetAsync(name, cancellationToken));

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken) =>
        ObserveAsync("upsert", () => inner.UpsertAsync(repository, cancellationToken));

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) =>
        ObserveAsync("delete", () => inner.DeleteAsync(name, cancellationToken));

    public IAsyncEnumerable<Repository> ListAsync(string? after, CancellationToken cancellationToken) =>
        ObserveAsync("list", inner.ListAsync(after, cancellationToken), cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after, int most, CancellationToken cancellationToken) =>
        ObserveAsync("list", inner.ListAsync(after, most, cancellationToken), cancellationToken);

    public IAsyncEnumerable<Repository> ScanAsync(string? after, int? most, CancellationToken cancellationToken) =>
        ObserveAsync("scan", inner.ScanAsync(after, most, cancellationToken), cancellationToken);

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken) =>
        ObserveAsync("search", () => inner.SearchAsync(request, cancellationToken));

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options, CancellationToken cancellationToken) =>
        ObserveAsync("import", () => inner.ImportAsync(repositories, options, cancellationToken));

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        ObserveAsync("status", () => inner.GetStatusAsync(cancellationToken));

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken) =>
        ObserveAsync("read_mark", () => inner.ReadMarkAsync(name, cancellationToken));

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken) =>
        ObserveAsync("replace_mark", () => inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken));

    // The time that the caller spends between two repositories is not counted.
    private async IAsyncEnumerable<Repository> ObserveAsync(string operation, IAsyncEnumerable<Repository> repositories, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var observation = new Observation(metrics, operation, Provider);
        var enumerator = repositories.GetAsyncEnumerator(cancellationToken);
        await using (enumerator.ConfigureAwait(false))
        {
            while (await observation.MeasureAsync(() => enumerator.MoveNextAsync().AsTask()).ConfigureAwait(false))
                yield return enumerator.Current;
        }
    }

    private async Task<T> ObserveAsync<T>(string operation, Func<Task<T>> call)
    {
        using var observation = new Observation(metrics, operation, Provider);
        return await observation.MeasureAsync(call).ConfigureAwait(false);
    }

    /// <summary>One operation, from its call to its end.</summary>
    private sealed class Observation(IndexMetrics metrics, string operation, string provider) : IDisposable
    {
        private readonly Activity? _activity = IndexMetrics.StartActivity(operation, provider);
        private TimeSpan _elapsed;
        private string? _error;

        public async Task<T> MeasureAsync<T>(Func<Task<T>> call)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not (OperationCanceledException or ArgumentException)) // the caller's, not the index's
            {
                _error = failure.GetType().Name;
                _activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
                throw;
            }
            finally
            {
                _elapsed += Stopwatch.GetElapsedTime(start);
            }
        }

        public void Dispose()
        {
            metrics.Record(operation, provider, _elapsed, _error);
            _activity?.Dispose();
        }
    }
}
