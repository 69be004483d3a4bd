using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace RegistryIndex.Server.Tests.Hosting;

/// <summary>A provider with a defect: some of its members throw unexpected exceptions, and it may also do so on a thread of its own.</summary>
internal sealed class DefectiveIndex(IRegistryIndex inner, IConfiguration configuration) : IRegistryIndex
{
    /// <summary>The setting with the names of the members, separated by commas. <c>thread</c> is not a member.</summary>
    public const string Key = "test_defects";

    /// <summary>The setting for how often each member fails before it works. If it is not set, the member always fails.</summary>
    public const string TimesKey = "test_defect_times";

    private readonly Dictionary<string, int> _left = (configuration[Key] ?? "").Split(',').ToDictionary(member => member, _ => int.Parse(configuration[TimesKey] ?? $"{int.MaxValue}"));

    public string Provider => inner.Provider;

    public Task InitializeAsync(CancellationToken cancellationToken = default)
    {
        Try("initialize");
        if (_left.ContainsKey("thread"))
            new Thread(() => Try("thread")).Start();
        return inner.InitializeAsync(cancellationToken);
    }

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => Try("get", inner).GetAsync(name, cancellationToken);

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => Try("upsert", inner).UpsertAsync(repository, cancellationToken);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => Try("delete", inner).DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => Try("list", inner).ListAsync(after, cancellationToken);

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => Try("search", inner).SearchAsync(request, cancellationToken);

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        Try("import", inner).ImportAsync(repositories, options, cancellationToken);

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Try("status", inner).GetStatusAsync(cancellationToken);

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => Try(name, inner).ReadMarkAsync(name, cancellationToken);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);

    private IRegistryIndex Try(string member, IRegistryIndex there)
    {
        Try(member);
        return there;
    }

    private void Try(string member)
    {
        lock (_left)
        {
            if (!_left.TryGetValue(member, out var left) || left == 0)
                return;
            _left[member]--;
        }

        throw new NotSupportedException($"The member '{member}'\nis not done yet.");
    }
}

/// <summary>A service of a provider that fails.</summary>
internal sealed class DefectiveService : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => throw new NotSupportedException("The member 'service' is not done yet.");
}
