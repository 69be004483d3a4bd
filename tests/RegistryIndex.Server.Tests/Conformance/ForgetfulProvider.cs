using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Conformance;
using RegistryIndex.Server.Tests.Conformance;
using RegistryIndex.Server.Tests.Hosting;
using RegistryIndex.Testing;

[assembly: RegistryIndex.RegistryIndexProvider(typeof(ForgetfulProvider), ForgetfulProvider.Name)]

namespace RegistryIndex.Server.Tests.Conformance;

/// <summary>A plug-in in this assembly. Its lists omit names that begin with an r.</summary>
internal sealed class ForgetfulProvider : IScratchProvider
{
    public const string Name = "test-forgetful";

    private const string Key = "test_forgetful_place";
    private static readonly ConcurrentDictionary<string, ReferenceIndex> Places = new();

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        var index = new ForgetfulIndex(Places.GetOrAdd(configuration[Key] ?? "", _ => new ReferenceIndex()));
        services.AddSingleton(configuration[DefectiveIndex.Key] is null ? BlockingIndex.Around(index, configuration) : new DefectiveIndex(index, configuration));
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

internal sealed class ForgetfulIndex(ReferenceIndex inner) : DelegatingIndex(inner)
{
    public override string Provider => ForgetfulProvider.Name;

    public override async IAsyncEnumerable<Repository> ListAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var repository in Inner.ListAsync(after, cancellationToken))
        {
            if (!repository.Name.StartsWith('r'))
                yield return repository;
        }
    }
}
