using Amazon.DynamoDBv2;
using DotNet.Testcontainers.Builders;

namespace RegistryIndex.Testing.DynamoDb;

/// <summary>
/// A DynamoDB for all tests of a run: the endpoint in an environment variable, else a container if there is a Docker engine, else
/// DynamoDB Local on this machine's Java.
/// </summary>
/// <remarks>DynamoDB Local has no option to listen on loopback alone. It contains only the data of tests.</remarks>
public sealed class DynamoDbServer
{
    /// <summary>The environment variable with an endpoint.</summary>
    public const string EndpointVariable = "REGISTRYINDEX_TEST_DYNAMODB";

    private static readonly Lazy<Task<DynamoDbServer>> OfThisRun = new(StartAsync);

    private DynamoDbServer(string? endpoint, string? whyNot) => (Endpoint, WhyNot) = (endpoint, whyNot);

    /// <summary>Its endpoint. Null if none can be started.</summary>
    public string? Endpoint { get; }

    /// <summary>Why none can be started: a reason to skip on a developer's machine, and to fail where tests must run.</summary>
    public string? WhyNot { get; }

    /// <summary>Whether a test without a server must fail instead of being skipped.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The server of this run.</summary>
    public static Task<DynamoDbServer> GetAsync() => OfThisRun.Value;

    /// <summary>A client that does not retry, like the index's own.</summary>
    public static AmazonDynamoDBConfig ConfigFor(string endpoint) => new()
    {
        ServiceURL = endpoint,
        AuthenticationRegion = "us-east-1",
        MaxErrorRetry = 0,
        Timeout = Eventually.Limit,
    };

    private static async Task<DynamoDbServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(EndpointVariable) is { Length: > 0 } endpoint)
            return new(endpoint, null);
        if (await TryStartContainerAsync() is { } container)
            return new(container, null);
        var (local, whyNot) = await LocalDynamoDb.TryStartAsync();
        return new(local, whyNot is null ? null : $"No DynamoDB to test against: {EndpointVariable} is not set, there is no Docker engine, and {whyNot}");
    }

    private static async Task<string?> TryStartContainerAsync()
    {
        try
        {
            const int Port = 8000;
            var container = new ContainerBuilder("amazon/dynamodb-local:3.3.0")
                .WithPortBinding(Port, assignRandomHostPort: true)
                .WithWaitStrategy(Wait.ForUnixContainer().UntilInternalTcpPortIsAvailable(Port))
                .Build();
            await container.StartAsync();
            return $"http://{container.Hostname}:{container.GetMappedPublicPort(Port)}";
        }
        catch (Exception)
        {
            return null; // Build throws if there is no engine, and an engine may not be able to get the image. There is a third way.
        }
    }
}
