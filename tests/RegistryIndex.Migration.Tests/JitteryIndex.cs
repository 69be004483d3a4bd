using System.Runtime.CompilerServices;

namespace RegistryIndex.Migration.Tests;

/// <summary>An index in memory whose calls pause before and after they are executed, so that other calls run in between.</summary>
internal sealed class JitteryIndex(IRegistryIndex inner, int seed) : IRegistryIndex
{
    private readonly Random _random = new(seed);

    /// <summary>The failure of every call while it is set.</summary>
    public Func<string, Exception?>? Failure { get; set; }

    /// <summary>The failure of an import when it reaches a name, while it is set.</summary>
    public Func<string, Exception?>? ImportFailure { get; set; }

    /// <summary>Runs between the call of an import and its first write, while it is set.</summary>
    public Func<Task>? BeforeImport { get; set; }

    public string Provider => inner.Provider;

    public Task InitializeAsync(CancellationToken cancellationToken = default) => CallAsync("", () => inner.InitializeAsync(cancellationToken).ContinueWith(_ => true, TaskScheduler.Default));

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => CallAsync(name, () => inner.GetAsync(name, cancellationToken));

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => CallAsync(repository.Name, () => inner.UpsertAsync(repository, cancellationToken));

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => CallAsync(name, () => inner.DeleteAsync(name, cancellationToken));

    public async IAsyncEnumerable<Repository> ListAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Like a store: each portion is a snapshot of another moment, and may be outdated when it is used.
        while (true)
        {
            var portion = await CallAsync("", async () => await inner.ListAsync(after, cancellationToken).Take(3).ToListAsync(cancellationToken));
            foreach (var repository in portion)
            {
                await YieldAsync();
                yield return repository;
            }

            if (portion.Count < 3)
                yield break;
            after = portion[^1].Name;
        }
    }

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => CallAsync("", () => inner.SearchAsync(request, cancellationToken));

    public async Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (BeforeImport is { } before)
            await before();
        var done = ImportResult.None;
        await foreach (var repository in repositories.WithCancellation(cancellationToken))
        {
            await YieldAsync();
            if (ImportFailure?.Invoke(repository.Name) is { } error)
                throw error;
            done += await inner.ImportAsync(new[] { repository }.ToAsyncEnumerable(), options, cancellationToken);
        }

        await YieldAsync();
        return done;
    }

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => inner.ReadMarkAsync(name, cancellationToken);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);

    private async Task<T> CallAsync<T>(string name, Func<Task<T>> call)
    {
        await YieldAsync();
        if (Failure?.Invoke(name) is { } error)
            throw error;
        var result = await call();
        await YieldAsync();
        return result;
    }

    private async Task YieldAsync()
    {
        int times;
        lock (_random)
            times = _random.Next(6);
        for (var i = 0; i < times; i++)
            await Task.Yield();
    }
}
