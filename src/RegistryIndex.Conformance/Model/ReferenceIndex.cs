using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace RegistryIndex.Conformance;

/// <summary>
/// The simplest implementation of the contract: everything is in memory, and every search ranks every repository. The kit compares
/// providers with it. It can also serve as an index in unit tests of an application.
/// </summary>
/// <param name="predecessor">Rows that existed before, stored without a check.</param>
public sealed class ReferenceIndex(IEnumerable<Repository>? predecessor = null) : IRegistryIndex
{
    private const int ProgressEvery = 100;
    private readonly ConcurrentDictionary<string, Row> _rows = new((predecessor ?? []).Select(r => KeyValuePair.Create(r.Name, new Row(r))), StringComparer.Ordinal);
    private readonly Dictionary<string, string> _marks = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public string Provider => "reference";

    /// <inheritdoc/>
    public IndexCapabilities Capabilities => IndexCapabilities.Facts | IndexCapabilities.OrderByPush;

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellationToken = default) => Once(() => true, cancellationToken);

    /// <inheritdoc/>
    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Once(() => _rows.GetValueOrDefault(name)?.Repository, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        repository.ThrowIfRefused();
        return WriteAsync(repository, keepDescriptions: false, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Once(() => _rows.TryRemove(name, out _), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Repository> ListAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var row in _rows.Values.OrderBy(row => row.Repository.Name, CodePointOrder.Comparer))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (after is null || CodePointOrder.Comparer.Compare(row.Repository.Name, after) > 0)
                yield return row.Repository;
        }
    }

    /// <inheritdoc/>
    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Once(() => Cut(request, [.. Ranked(request).Where(hit => request.After is not { } after || hit.Key > after).Take(request.Limit + 1)]), cancellationToken);
    }

    /// <summary>Returns the first pages of a search, after ranking all repositories once.</summary>
    internal IEnumerable<SearchPage> Pages(string query, int limit, int most)
    {
        var request = new SearchRequest(query, limit);
        var found = Ranked(request).Take((limit * most) + 1).ToList();
        for (var page = 0; page < most && (page == 0 || page * limit < found.Count); page++)
            yield return Cut(request, found[(page * limit)..]);
    }

    /// <inheritdoc/>
    public async Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        cancellationToken.ThrowIfCancellationRequested();
        var result = ImportResult.None;
        await foreach (var repository in repositories.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (repository.FindProblem() is { } problem)
            {
                options?.Refused?.Invoke(new(repository, problem));
                result += new ImportResult { Refused = 1 };
                continue;
            }

            result += ImportResult.Of(await WriteAsync(repository, options is { KeepDescriptions: true }, cancellationToken).ConfigureAwait(false));
            if (result.Total % ProgressEvery == 0)
                options?.Progress?.Report(result);
        }

        options?.Progress?.Report(result);
        return result;
    }

    /// <inheritdoc/>
    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        Once(() => new IndexStatus { Provider = Provider, Location = "memory", Repositories = _rows.Count }, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default)
    {
        IndexMark.CheckName(name);
        return Once(() => _marks.GetValueOrDefault(name), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default)
    {
        IndexMark.ThrowIfRefused(name, expected, replacement);
        return Once(() =>
        {
            if (_marks.GetValueOrDefault(name) != expected)
                return false;
            if (replacement is null)
                _marks.Remove(name);
            else
                _marks[name] = replacement;
            return true;
        }, cancellationToken);
    }

    private Task<UpsertOutcome> WriteAsync(Repository repository, bool keepDescriptions, CancellationToken cancellationToken) => Once(() =>
    {
        var write = repository.WriteOver(_rows.GetValueOrDefault(repository.Name)?.Repository, keepDescriptions);
        if (write.Outcome != UpsertOutcome.Unchanged)
            _rows[repository.Name] = new(write.Result);
        return write.Outcome;
    }, cancellationToken);

    private IEnumerable<(Repository Repository, RankKey Key)> Ranked(SearchRequest request) => _rows.Values
        .Select(row => (row.Repository, Key: row.Rank(request)))
        .Where(hit => hit.Key is not null)
        .Select(hit => (hit.Repository, Key: hit.Key!.Value))
        .OrderBy(hit => hit.Key);

    private static SearchPage Cut(SearchRequest request, List<(Repository Repository, RankKey Key)> rest) =>
        request.ToPage([.. rest.Take(request.Limit).Select(hit => hit.Repository)], rest.Count > request.Limit ? rest[request.Limit - 1].Key : null);

    private Task<T> Once<T>(Func<T> action, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        lock (_gate)
            return Task.FromResult(action());
    }

    private sealed class Row(Repository repository)
    {
        private readonly string _name = Folding.Fold(repository.Name);
        private readonly string _description = Folding.Fold(repository.Description ?? "");

        public Repository Repository { get; } = repository;

        public RankKey? Rank(SearchRequest request) =>
            request.Order == SearchOrder.Pushed ? PushOrder.KeyOf(Repository) : request.Query.Rank(Repository.Name, _name, _description);
    }
}
