using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RegistryIndex.DynamoDb;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;

[assembly: RegistryIndex.RegistryIndexProvider(typeof(DynamoDbProvider), DynamoDbProvider.Name, "docker_registry_index.dynamodb")]

namespace RegistryIndex.DynamoDb;

/// <summary>The services that <c>search_backend: dynamodb</c> adds to a container.</summary>
internal sealed class DynamoDbProvider : IScratchProvider
{
    public const string Name = "dynamodb";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddServicesOf(key: null, options => OptionsFromConfiguration.Read(options, configuration));
        services.AddSingleton<IRegistryIndex>(provider => provider.GetRequiredService<DynamoDbIndex>());
    }

    public void AddKeyedServices(IServiceCollection services, string key, IConfiguration configuration) =>
        services.Add(key, options => OptionsFromConfiguration.Read(options, configuration));

    public Task<ScratchPlace> CreateScratchAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<IOptions<DynamoDbIndexOptions>>().Value;
        var client = DynamoDbRegistryIndexServiceCollectionExtensions.ClientOf(services, key: null);
        var sender = new RequestSender(
            client, DynamoDbClient.PlaceOf(client), TimeSpan.FromSeconds(options.RetryTimeout), new RequestMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System);
        return ScratchTables.CreateAsync(sender, options, name, cancellationToken);
    }
}
