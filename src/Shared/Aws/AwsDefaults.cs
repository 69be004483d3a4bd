using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace RegistryIndex.Aws;

/// <summary>The values of AWS's own variables and profiles. They apply if our settings are not set.</summary>
internal static partial class AwsDefaults
{
    private const int MostShown = 300;

    /// <summary>The region, which may be an invalid name. Null if none is set.</summary>
    public static string? FindRegion() => Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? FindProfile()?.Region?.SystemName;

    /// <summary>The endpoint of a service, which may be an invalid URL. Null if none is set.</summary>
    /// <param name="newConfig">Creates an empty configuration of the service's client, which knows the names of its variables.</param>
    public static string? FindEndpoint(Func<ClientConfig> newConfig)
    {
        if (FindProblem() is not null)
            return null; // the SDK creates no client in this case
        try
        {
            return newConfig().ServiceURL is { Length: > 0 } url ? url.TrimEnd('/') : null;
        }
        catch (AmazonClientException error)
        {
            return error.Message[(error.Message.LastIndexOf(": ", StringComparison.Ordinal) + 1)..].Trim(); // not a URL: the value follows a colon
        }
    }

    /// <summary>Describes in one sentence why the files of AWS's profiles cannot be read. No client can be created then. Null if they can.</summary>
    public static string? FindProblem()
    {
        var name = DefaultAWSCredentialsIdentityResolver.GetProfileName();
        try
        {
            new CredentialProfileStoreChain().TryGetProfile(name, out _);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or AmazonClientException)
        {
            return $"the AWS profile '{name}' cannot be read ({Line(error)}); correct {Files}";
        }
    }

    /// <summary>The message of an error on one line, without a full stop and without any content of a file.</summary>
    public static string Line(Exception error)
    {
        var message = error is ArgumentException { ParamName: { } parameter } ? error.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal) : error.Message;
        var line = Quoted().Replace(message, " in file ").ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return line.Length > MostShown ? line[..MostShown] + "…" : line;
    }

    /// <summary>The files that contain profiles, as text for people.</summary>
    public static string Files => $"{SharedCredentialsFile.DefaultFilePath} or {SharedCredentialsFile.DefaultConfigFilePath}";

    /// <summary>An environment variable. Null if it is not set or empty.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static CredentialProfile? FindProfile() => FindProblem() is null
        && new CredentialProfileStoreChain().TryGetProfile(DefaultAWSCredentialsIdentityResolver.GetProfileName(), out var profile) ? profile : null;

    // The SDK quotes a line that it cannot parse. The line may contain a key.
    [GeneratedRegex(":<.*> in file ", RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
