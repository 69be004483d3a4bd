using System.Runtime.ExceptionServices;
using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Actions that many cases share.</summary>
internal static class CommonSteps
{
    public static async Task StoreAsync(this CaseRun run, IRegistryIndex index, params IEnumerable<Repository> repositories)
    {
        foreach (var repository in repositories)
            await index.UpsertAsync(repository, run.Cancellation).ConfigureAwait(false);
    }

    /// <summary>Opens the index as several processes.</summary>
    public static async Task<IRegistryIndex[]> OpenSeveralAsync(this CaseRun run, int count)
    {
        var processes = new IRegistryIndex[count];
        for (var i = 0; i < count; i++)
            processes[i] = await run.OpenAsync().ConfigureAwait(false);
        return processes;
    }

    /// <summary>Imports repositories and demands that all are added.</summary>
    public static async Task FillAsync(this CaseRun run, IRegistryIndex index, IReadOnlyCollection<Repository> repositories)
    {
        var result = await index.ImportAsync(repositories.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = repositories.Count }, result, $"import of {repositories.Count} new repositories");
    }

    /// <summary>Demands that a search finds exactly these names in this order.</summary>
    public static async Task FindsAsync(this CaseRun run, IRegistryIndex index, string? query, params IReadOnlyList<string> names)
    {
        var found = await ResultPages.AllAsync(index, query, SearchRequest.DefaultLimit, run.Cancellation).ConfigureAwait(false);
        Expect.Names(names, [.. found.Select(repository => repository.Name)], $"search {Show.Text(query)}");
    }

    public static async Task<List<Repository>> ListAsync(this CaseRun run, IRegistryIndex index, string? after = null) =>
        await index.ListAsync(after, run.Cancellation).ToListAsync(run.Cancellation).ConfigureAwait(false);

    /// <summary>Demands that the index holds exactly these repositories, by every kind of read.</summary>
    public static async Task HoldsAsync(this CaseRun run, IRegistryIndex index, params IEnumerable<Repository> repositories)
    {
        Repository[] expected = [.. repositories.OrderBy(repository => repository.Name, CodePointOrder.Comparer)];
        Expect.Repositories(expected, await run.ListAsync(index).ConfigureAwait(false), "list");
        Expect.Repositories(expected, await ResultPages.AllAsync(index, "", SearchRequest.MaxLimit, run.Cancellation).ConfigureAwait(false), "search \"\"");
        foreach (var repository in expected)
            Expect.Equal(repository, await index.GetAsync(repository.Name, run.Cancellation).ConfigureAwait(false), $"get {Show.Text(repository.Name)}");
    }

    /// <summary>Demands that the index holds each repository once, and that list, get and searches agree about its content.</summary>
    public static async Task AgreesWithItselfAsync(this CaseRun run, IRegistryIndex index)
    {
        var there = await run.ListAsync(index).ConfigureAwait(false);
        await run.HoldsAsync(index, there.DistinctBy(repository => repository.Name)).ConfigureAwait(false);
        var reference = new ReferenceIndex(there);
        foreach (var query in there.SelectMany(repository => new[] { repository.Name, repository.Description ?? "" }).Distinct(StringComparer.Ordinal).Where(text => ResultPages.FindProblem(text) is null))
        {
            Expect.Repositories(
                await ResultPages.AllAsync(reference, query, SearchRequest.MaxLimit, run.Cancellation).ConfigureAwait(false),
                await ResultPages.AllAsync(index, query, SearchRequest.MaxLimit, run.Cancellation).ConfigureAwait(false),
                $"search {Show.Text(query)} when no process writes");
        }
    }

    /// <summary>Runs an action several times concurrently, each on a thread of its own.</summary>
    public static async Task<T[]> AtOnceAsync<T>(this CaseRun run, int times, Func<int, Task<T>> action)
    {
        var all = Task.WhenAll(Enumerable.Range(0, times).Select(i => Task.Run(() => action(i), run.Cancellation)));
        try
        {
            return await all.ConfigureAwait(false);
        }
        catch when (all.Exception?.InnerExceptions.OfType<ExpectationException>().FirstOrDefault() is { } expectation)
        {
            // A wrong answer tells more than the errors that result from it.
            ExceptionDispatchInfo.Throw(expectation);
            throw;
        }
    }

    /// <summary>Returns repositories with short names, which are cheap to store.</summary>
    public static Repository[] Many(int count, string? description = null) => [.. Enumerable.Range(0, count).Select(i => new Repository($"r{i:d4}", description))];
}
