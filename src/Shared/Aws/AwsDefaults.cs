using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace RegistryIndex.Aws;

/// <summary>What AWS's own variables and profiles say, for where our settings say nothing.</summary>
internal static class AwsDefaults
{
    /// <summary>The region, which need not be the name of one; null where none is named.</summary>
    public static string? FindRegion() => Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? FindProfile()?.Region?.SystemName;

    /// <summary>The endpoint of a service, which need not be a URL; null where none is named.</summary>
    /// <param name="config">An empty configuration of the service's client, which knows the names of its variables.</param>
    public static string? FindEndpoint(ClientConfig config)
    {
        try
        {
            return config.ServiceURL is { Length: > 0 } url ? url.TrimEnd('/') : null;
        }
        catch (AmazonClientException error)
        {
            return error.Message[(error.Message.LastIndexOf(": ", StringComparison.Ordinal) + 1)..].Trim(); // not a URL: what is written follows a colon
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            return null;
        }
    }

    /// <summary>The profile in use; null where there is none or its files cannot be read.</summary>
    public static CredentialProfile? FindProfile()
    {
        try
        {
            return new CredentialProfileStoreChain().TryGetProfile(DefaultAWSCredentialsIdentityResolver.GetProfileName(), out var profile) ? profile : null;
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            return null;
        }
    }

    /// <summary>A variable of the environment; null where it is not set or empty.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;

    /// <summary>Whether the error says that a profile's file cannot be read, or is none.</summary>
    public static bool IsUnreadable(Exception error) => error is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or AmazonClientException;
}
