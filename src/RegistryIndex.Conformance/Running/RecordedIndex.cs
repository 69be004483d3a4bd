using System.Runtime.CompilerServices;

namespace RegistryIndex.Conformance.Running;

/// <summary>Records every call in the journal. Before a read that may see writes late (contract 2.12) it waits until they are visible.</summary>
internal sealed class RecordedIndex(IRegistryIndex inner, IRegistryIndexSource? source, string label, CaseRun run) : IRegistryIndex, IRegistryIndexSource
{
    public string Provider => inner.Provider;

    public IndexCapabilities Capabilities => inner.Capabilities;

    /// <summary>The provider's own index. Calls to it are not recorded in the journal.</summary>
    public IRegistryIndex Inner => inner;

    /// <exception cref="NotApplicableException">The provider has no source.</exception>
    private IRegistryIndexSource Source =>
        source ?? throw new NotApplicableException("The index has no IRegistryIndexSource (ScratchIndex.FindSource), so it is initialized before it is read.");

    public Task InitializeAsync(CancellationToken cancellationToken = default) =>
        WriteAsync("initialize", async () =>
        {
            await inner.InitializeAsync(cancellationToken).ConfigureAwait(false);
            return "done";
        }, done => done);

    public Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default) =>
        RecordAsync("open for reading", () => Source.OpenForReadingAsync(cancellationToken), state => state.ToString());

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) =>
        RecordAsync($"get {Show.Text(name)}", () => inner.GetAsync(name, cancellationToken), Show.Repository);

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) =>
        WriteAsync($"upsert {Show.Repository(repository)}", () => inner.UpsertAsync(repository, cancellationToken), outcome => outcome.ToString());

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        WriteAsync($"delete {Show.Text(name)}", () => inner.DeleteAsync(name, cancellationToken), removed => removed ? "removed" : "was not there");

    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default)
    {
        // The provider is asked once, however often the list is enumerated: the case tests the object that the provider returned.
        var list = inner.ListAsync(after, cancellationToken);
        return RecordAsync(Show.Listing("list", after, most: null), list, CancellationToken.None);
    }

    public IAsyncEnumerable<Repository> ListAsync(string? after, int most, CancellationToken cancellationToken)
    {
        var list = inner.ListAsync(after, most, cancellationToken);
        return RecordAsync(Show.Listing("list", after, most), list, CancellationToken.None);
    }

    public IAsyncEnumerable<Repository> ScanAsync(string? after = null, int? most = null, CancellationToken cancellationToken = default)
    {
        var scan = inner.ScanAsync(after, most, cancellationToken);
        return RecordAsync(Show.Listing("scan", after, most), scan, CancellationToken.None, isLate: false);
    }

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        var asked = request is null ? "search null" : $"search {Show.Text(request.Query.ToString())} limit {request.Limit}{(request.Order == SearchOrder.Pushed ? " by push" : "")}" + (request.After is { } after ? $" after {Show.Text(after.Name)}" : "");
        return RecordAsync(asked, async () =>
        {
            await run.WaitUntilVisibleAsync(cancellationToken).ConfigureAwait(false);
            return await inner.SearchAsync(request!, cancellationToken).ConfigureAwait(false);
        }, page => Show.Names([.. page.Repositories.Select(r => r.Name)]) + (page.Continuation is null ? "" : " and more"));
    }

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        WriteAsync(options is { KeepDescriptions: true } ? "import, keeping descriptions" : "import", () => inner.ImportAsync(repositories is null ? null! : new ReadOnce(repositories, () => run.Journal.Note($"({label}the import reads its stream again)")), options, cancellationToken), result => result.ToString());

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        RecordAsync("status", async () =>
        {
            await run.WaitUntilVisibleAsync(cancellationToken).ConfigureAwait(false);
            return await inner.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        }, status => status.ToString());

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) =>
        RecordAsync($"read mark {Show.Text(name)}", () => inner.ReadMarkAsync(name, cancellationToken), Show.Text);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        RecordAsync($"replace mark {Show.Text(name)}: {Show.Text(expected)} by {Show.Text(replacement)}", () => inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken), done => done ? "replaced" : "not replaced");

    // The token is that of the enumerator. The provider already has the token of the call.
    private async IAsyncEnumerable<Repository> RecordAsync(string call, IAsyncEnumerable<Repository> list, [EnumeratorCancellation] CancellationToken cancellationToken, bool isLate = true)
    {
        run.Journal.Add(label + call);
        if (isLate)
            await run.WaitUntilVisibleAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var repository in list.WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return repository;
    }

    private async Task<T> WriteAsync<T>(string call, Func<Task<T>> action, Func<T, string> show)
    {
        try
        {
            return await RecordAsync(call, action, show).ConfigureAwait(false);
        }
        finally
        {
            run.HasWritten();
        }
    }

    private async Task<T> RecordAsync<T>(string call, Func<Task<T>> action, Func<T, string> show)
    {
        try
        {
            var result = await action().ConfigureAwait(false);
            run.Journal.Add($"{label}{call} → {show(result)}");
            return result;
        }
        catch (Exception error)
        {
            run.Journal.Add($"{label}{call} → {Show.Error(error)}");
            throw;
        }
    }

    /// <summary>A stream that reports when it is read a second time.</summary>
    private sealed class ReadOnce(IAsyncEnumerable<Repository> stream, Action again) : IAsyncEnumerable<Repository>
    {
        private int _read;

        public IAsyncEnumerator<Repository> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            if (Interlocked.Increment(ref _read) > 1)
                again();
            return stream.GetAsyncEnumerator(cancellationToken);
        }
    }
}
