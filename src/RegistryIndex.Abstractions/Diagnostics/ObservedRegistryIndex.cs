using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RegistryIndex.Diagnostics;

/// <summary>Measures and traces every call of an index, whichever backend it is.</summary>
internal sealed class ObservedRegistryIndex(IRegistryIndex inner, IndexMetrics metrics) : IRegistryIndex
{
    public string Provider => inner.Provider;

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
        TraceAsync("list", inner.ListAsync(after, cancellationToken), cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after, int most, CancellationToken cancellationToken) =>
        TraceAsync("list", inner.ListAsync(after, most, cancellationToken), cancellationToken);

    public IAsyncEnumerable<Repository> ScanAsync(string? after, int? most, CancellationToken cancellationToken) =>
        TraceAsync("scan", inner.ScanAsync(after, most, cancellationToken), cancellationToken);

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken) =>
        ObserveAsync("search", () => inner.SearchAsync(request, cancellationToken));

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options, CancellationToken cancellationToken) =>
        ObserveAsync("import", () => inner.ImportAsync(repositories, options, cancellationToken));

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        ObserveAsync("status", () => inner.GetStatusAsync(cancellationToken));

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken) =>
        inner.ReadMarkAsync(name, cancellationToken);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken) =>
        inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);

    private async IAsyncEnumerable<Repository> TraceAsync(string operation, IAsyncEnumerable<Repository> repositories, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var activity = IndexMetrics.StartActivity(operation, Provider);
        await foreach (var repository in repositories.WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return repository;
    }

    private async Task<T> ObserveAsync<T>(string operation, Func<Task<T>> call)
    {
        using var activity = IndexMetrics.StartActivity(operation, Provider);
        var start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            error = failure.GetType().Name;
            activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
            throw;
        }
        finally
        {
            metrics.Record(operation, Provider, Stopwatch.GetElapsedTime(start), error);
        }
    }
}
