using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace RegistryIndex.Testing;

/// <summary>The contract, done the obvious way: everything in memory, every search ranks every repository.</summary>
public sealed class ReferenceIndex : IRegistryIndex
{
    private readonly ConcurrentDictionary<string, Repository> _repositories = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Repository, (string Name, string Description)> _folded = new();
    private readonly Dictionary<string, string> _marks = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public string Provider => "reference";

    public Task InitializeAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(_repositories.GetValueOrDefault(name));

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default)
    {
        repository.ThrowIfRefused();
        lock (_gate)
        {
            var before = _repositories.GetValueOrDefault(repository.Name);
            _repositories[repository.Name] = repository;
            return Task.FromResult(before is null ? UpsertOutcome.Added : before == repository ? UpsertOutcome.Unchanged : UpsertOutcome.Updated);
        }
    }

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(_repositories.TryRemove(name, out _));

    public async IAsyncEnumerable<Repository> ListAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var repository in _repositories.Values.OrderBy(r => r.Name, CodePointOrder.Comparer))
        {
            if (after is null || CodePointOrder.Comparer.Compare(repository.Name, after) > 0)
                yield return repository;
        }
    }

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        var after = request.After;
        return Task.FromResult(Cut(request, Ranked(request.Query).Where(hit => after is null || hit.Key > after).Take(request.Limit + 1).ToList()));
    }

    /// <summary>The first pages of a search, for which everything is ranked once.</summary>
    public IEnumerable<SearchPage> Pages(string query, int limit, int most)
    {
        var request = new SearchRequest(query, limit);
        var found = Ranked(request.Query).Take((limit * most) + 1).ToList();
        for (var page = 0; page < most && (page == 0 || page * limit < found.Count); page++)
            yield return Cut(request, found[(page * limit)..]);
    }

    public async Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        var result = ImportResult.None;
        await foreach (var repository in repositories.WithCancellation(cancellationToken))
        {
            if (repository.FindProblem() is { } problem)
            {
                options?.Refused?.Invoke(new(repository, problem));
                result += new ImportResult(0, 0, 0, 1);
                continue;
            }

            var kept = options is { KeepDescriptions: true } && repository.Description is null
                ? await GetAsync(repository.Name, cancellationToken) ?? repository
                : repository;
            result += await UpsertAsync(kept, cancellationToken) switch
            {
                UpsertOutcome.Added => new(1, 0, 0, 0),
                UpsertOutcome.Updated => new(0, 1, 0, 0),
                _ => new ImportResult(0, 0, 1, 0),
            };
        }

        options?.Progress?.Report(result);
        return result;
    }

    private IEnumerable<(Repository Repository, RankKey Key)> Ranked(SearchQuery query) => _repositories.Values
        .Select(repository => (Repository: repository, Key: Rank(query, repository)))
        .Where(hit => hit.Key is not null)
        .Select(hit => (hit.Repository, hit.Key!.Value))
        .OrderBy(hit => hit.Value);

    private static SearchPage Cut(SearchRequest request, List<(Repository Repository, RankKey Key)> rest) =>
        request.ToPage([.. rest.Take(request.Limit).Select(hit => hit.Repository)], rest.Count > request.Limit ? rest[request.Limit - 1].Key : null);

    private RankKey? Rank(SearchQuery query, Repository repository)
    {
        var (name, description) = _folded.GetOrAdd(repository, r => (Folding.Fold(r.Name), Folding.Fold(r.Description ?? "")));
        return query.Rank(repository.Name, name, description);
    }

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new IndexStatus(Provider, "memory", _repositories.Count));

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return Task.FromResult(_marks.GetValueOrDefault(name));
    }

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_marks.GetValueOrDefault(name) != expected)
                return Task.FromResult(false);
            if (replacement is null)
                _marks.Remove(name);
            else
                _marks[name] = replacement;
            return Task.FromResult(true);
        }
    }
}
