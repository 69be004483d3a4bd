using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Conformance;
using RegistryIndex.Server.Tests.Conformance;
using RegistryIndex.Server.Tests.Hosting;

[assembly: RegistryIndex.RegistryIndexBackend(typeof(ForgetfulBackend), ForgetfulBackend.Name)]

namespace RegistryIndex.Server.Tests.Conformance;

/// <summary>A plug-in, which this assembly is to the command: its lists leave out whatever begins with an r.</summary>
internal sealed class ForgetfulBackend : IScratchBackend
{
    public const string Name = "test-forgetful";

    private const string Key = "test_forgetful_place";
    private static readonly ConcurrentDictionary<string, ReferenceIndex> Places = new();

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        var index = new ForgetfulIndex(Places.GetOrAdd(configuration[Key] ?? "", _ => new ReferenceIndex()));
        services.AddSingleton(configuration[DefectiveIndex.Key] is null ? HeldIndex.Around(index, configuration) : new DefectiveIndex(index, configuration));
        if (configuration[DefectiveIndex.Key] == "service")
            services.AddHostedService<DefectiveService>();
    }

    public Task<ScratchPlace> CreateScratchAsync(IServiceProvider services, string name, CancellationToken cancellationToken) =>
        Task.FromResult(new ScratchPlace(name, new Dictionary<string, string?> { [Key] = name }, () =>
        {
            Places.TryRemove(name, out _);
            return Task.CompletedTask;
        }));
}

internal sealed class ForgetfulIndex(ReferenceIndex inner) : IRegistryIndex
{
    public string Provider => ForgetfulBackend.Name;

    public Task InitializeAsync(CancellationToken cancellationToken = default) => inner.InitializeAsync(cancellationToken);

    public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => inner.GetAsync(name, cancellationToken);

    public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => inner.UpsertAsync(repository, cancellationToken);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, cancellationToken);

    public async IAsyncEnumerable<Repository> ListAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var repository in inner.ListAsync(after, cancellationToken))
        {
            if (!repository.Name.StartsWith('r'))
                yield return repository;
        }
    }

    public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default) => inner.SearchAsync(request, cancellationToken);

    public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.ImportAsync(repositories, options, cancellationToken);

    public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

    public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => inner.ReadMarkAsync(name, cancellationToken);

    public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) =>
        inner.TryReplaceMarkAsync(name, expected, replacement, cancellationToken);
}
