using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Aws;

namespace RegistryIndex.DynamoDb;

/// <summary>Creates the client that the options describe.</summary>
internal static class DynamoDbClient
{
    /// <summary>Creates the client, without connecting.</summary>
    public static AmazonDynamoDBClient Create(DynamoDbIndexOptions options)
    {
        var config = new AmazonDynamoDBConfig
        {
            Timeout = TimeSpan.FromSeconds(options.RequestTimeout),
            // The index retries requests itself, because it knows which requests may be sent twice.
            MaxErrorRetry = 0,
            DefaultAWSCredentials = CredentialsOf(options),
        };
        if (options.Endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        else
            (config.ServiceURL, config.AuthenticationRegion) = (options.Endpoint, options.Region);
        return new(config);
    }

    /// <summary>Where the tables are, for messages; also for a client of the application.</summary>
    public static string PlaceOf(IAmazonDynamoDB client) => client.Config.ServiceURL?.TrimEnd('/') ?? $"DynamoDB in {client.Config.RegionEndpoint?.SystemName}";

    /// <summary>The client that the application has registered in the container, with the key of the index or without a key.</summary>
    public static IAmazonDynamoDB? FindOfApplication(IServiceProvider provider, string? key) =>
        (key is null ? null : provider.GetKeyedService<IAmazonDynamoDB>(key)) ?? provider.GetService<IAmazonDynamoDB>();

    private static AWSCredentials CredentialsOf(DynamoDbIndexOptions options) => options switch
    {
        { AccessKey: null or "" } => new AwsCredentialChain(() => new AmazonDynamoDBConfig(), "access_key and secret_access_key"),
        { SecurityToken: { Length: > 0 } token } => new SessionAWSCredentials(options.AccessKey, options.SecretAccessKey, token),
        _ => new BasicAWSCredentials(options.AccessKey, options.SecretAccessKey),
    };
}
