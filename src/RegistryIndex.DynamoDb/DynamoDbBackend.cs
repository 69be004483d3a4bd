using System.Diagnostics.Metrics;
using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RegistryIndex.DynamoDb;
using RegistryIndex.DynamoDb.Requests;
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
        services.TryAddSingleton<IAmazonDynamoDB>(provider => NewClient(provider.GetRequiredService<IOptions<DynamoDbIndexOptions>>().Value));
        services.AddSingleton(provider => new DynamoDbIndex(
            provider.GetRequiredService<IAmazonDynamoDB>(),
            provider.GetRequiredService<IOptions<DynamoDbIndexOptions>>().Value,
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetService<ILogger<DynamoDbIndex>>() ?? NullLogger<DynamoDbIndex>.Instance,
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingleton<IRegistryIndex>(provider => provider.GetRequiredService<DynamoDbIndex>());
        services.AddSingleton<IRegistryIndexSource>(provider => provider.GetRequiredService<DynamoDbIndex>());
        services.AddSingleton(provider => new DynamoDbMaintenance(provider.GetRequiredService<DynamoDbIndex>()));
    }

    public Task<ScratchPlace> CreateScratchAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<IOptions<DynamoDbIndexOptions>>().Value;
        var metrics = new RequestMetrics(services.GetRequiredService<IMeterFactory>());
        var sender = new RequestSender(services.GetRequiredService<IAmazonDynamoDB>(), options.Place, TimeSpan.FromSeconds(options.RetryTimeout), metrics, TimeProvider.System);
        return ScratchTables.CreateAsync(sender, options, name, cancellationToken);
    }

    private static AmazonDynamoDBClient NewClient(DynamoDbIndexOptions options)
    {
        var config = new AmazonDynamoDBConfig
        {
            Timeout = TimeSpan.FromSeconds(options.RequestTimeout),
            // The index sends again itself: it knows which requests may be sent twice.
            MaxErrorRetry = 0,
        };
        if (options.Endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        else
            (config.ServiceURL, config.AuthenticationRegion) = (options.Endpoint, options.Region);
        return string.IsNullOrEmpty(options.AccessKey)
            ? new AmazonDynamoDBClient(config)
            : new AmazonDynamoDBClient(new BasicAWSCredentials(options.AccessKey, options.SecretAccessKey), config);
    }
}
