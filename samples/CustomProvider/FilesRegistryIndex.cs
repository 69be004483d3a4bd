using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Acme.RegistryIndex.Files;

/// <summary>An index in one file. Every call reads the file, and a write replaces it. Suitable for some thousand repositories.</summary>
internal sealed class FilesRegistryIndex(string directory) : IRegistryIndex, IRegistryIndexSource
{
    private const int Portion = 1_000;
    private readonly IndexFile _file = new(directory);

    public string Provider => FilesProvider.Name;

    public Task InitializeAsync(CancellationToken cancellationToken = default) => RunAsync("initialize", () => _file.CreateAsync(cancellationToken));

    public string Location => directory;

    public async Task<SourceState> OpenForReadingAsync(CancellationToken cancellationToken = default)
    {
        if (!_file.IsThere)
            return SourceState.Missing;
        await ReadAsync("open", cancellationToken);
        return SourceState.Searchable;
    }

    public async Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (await ReadAsync("get", cancellationToken)).Repositories.TryGetValue(name, out var description) ? new Repository(name, description) : null;
    }

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        repository.ThrowIfRefused();
        return ChangeAsync("upsert", index => index.Put(repository), cancellationToken);
    }

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        ChangeAsync("delete", index => index.Changed |= index.Repositories.Remove(name), cancellationToken);

    public async IAsyncEnumerable<Repository> ListAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var index = await ReadAsync("list", cancellationToken);
        foreach (var repository in index.All.Where(r => CodePointOrder.Comparer.Compare(r.Name, after) > 0).OrderBy(r => r.Name, CodePointOrder.Comparer))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return repository;
        }
    }

    public async Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ThrowIfRefusedBy(this);
        var index = await ReadAsync("search", cancellationToken);
        var hits = index.All
            .Select(repository => (Repository: repository, Key: request.Query.Rank(repository)))
            .Where(hit => hit.Key is { } key && (request.After is not { } after || key > after))
            .OrderBy(hit => hit.Key!.Value)
            .Take(request.Limit + 1)
            .ToList();
        var page = hits.Take(request.Limit).ToList();
        return request.ToPage([.. page.Select(hit => hit.Repository)], hits.Count > page.Count ? page[^1].Key : null);
    }

    public async Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repositories);
        options ??= new();
        var result = ImportResult.None;
        await foreach (var portion in repositories.Chunk(Portion).WithCancellation(cancellationToken))
        {
            var good = portion.ToLookup(repository => repository.FindProblem() is null);
            foreach (var refused in good[false])
                options.Refused?.Invoke(new(refused, refused.FindProblem()!));
            var written = await ChangeAsync("import", index => index.Put(good[true], options.KeepDescriptions), cancellationToken);
            result += written with { Refused = good[false].Count() };
            options.Progress?.Report(result);
        }

        return result;
    }

    public async Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        new() { Provider = Provider, Location = Location, Repositories = (await ReadAsync("status", cancellationToken)).Repositories.Count };

    public async Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) =>
        (await ReadAsync("read mark", cancellationToken)).Marks.GetValueOrDefault(IndexMark.CheckName(name));

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        ChangeAsync("replace mark", index => index.ReplaceMark(name, expected, replacement), cancellationToken);

    private Task<IndexContent> ReadAsync(string operation, CancellationToken cancellationToken) => RunAsync(operation, () => _file.ReadAsync(cancellationToken));

    private Task<T> ChangeAsync<T>(string operation, Func<IndexContent, T> change, CancellationToken cancellationToken) =>
        RunAsync(operation, () => _file.ChangeAsync(change, cancellationToken));

    // The one place where the store's exceptions become the exception of the index.
    private async Task<T> RunAsync<T>(string operation, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RegistryIndexException(Provider, operation, $"the index in {directory} cannot be used: {error.Message}", mayRetry: error is not JsonException, error);
        }
    }
}
