using System.Diagnostics.Metrics;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RegistryIndex.DynamoDb;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Searching;
using RegistryIndex.DynamoDb.Tables;

[assembly: RegistryIndex.RegistryIndexBackend(typeof(DynamoDbBackend), DynamoDbBackend.Name, "docker_registry_index.dynamodb")]

namespace RegistryIndex.DynamoDb;

/// <summary>What <c>search_backend: dynamodb</c> puts into a container.</summary>
internal sealed class DynamoDbBackend : IScratchBackend
{
    public const string Name = "dynamodb";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DynamoDbIndexOptions>().Configure(options => OptionsFromConfiguration.Read(options, configuration)).ValidateOnStart();
        services.TryAddSingleton<IValidateOptions<DynamoDbIndexOptions>, DynamoDbIndexOptionsValidator>();
        services.AddMetrics();
        services.TryAddSingleton<IAmazonDynamoDB>(provider => DynamoDbClient.Create(provider.GetRequiredService<IOptions<DynamoDbIndexOptions>>().Value));
        services.AddSingleton(provider => new DynamoDbIndex(
            provider.GetRequiredService<IAmazonDynamoDB>(),
            provider.GetRequiredService<IOptions<DynamoDbIndexOptions>>().Value,
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetService<ILogger<DynamoDbIndex>>() ?? NullLogger<DynamoDbIndex>.Instance,
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingleton<IRegistryIndex>(provider => provider.GetRequiredService<DynamoDbIndex>());
        services.AddSingleton<IRegistryIndexSource>(provider => provider.GetRequiredService<DynamoDbIndex>());
        services.AddSingleton<ISearchCapacity, DynamoDbCapacity>();
        services.AddSingleton<IWriteCost, DynamoDbWriteCost>();
        services.AddSingleton(provider => new DynamoDbMaintenance(provider.GetRequiredService<DynamoDbIndex>()));
    }

    public Task<ScratchPlace> CreateScratchAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<IOptions<DynamoDbIndexOptions>>().Value;
        var client = services.GetRequiredService<IAmazonDynamoDB>();
        var sender = new RequestSender(
            client, DynamoDbClient.PlaceOf(client), TimeSpan.FromSeconds(options.RetryTimeout), new RequestMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System);
        return ScratchTables.CreateAsync(sender, options, name, cancellationToken);
    }
}
