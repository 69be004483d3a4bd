using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace RegistryIndex.Aws;

/// <summary>What AWS's own variables and profiles say, for where our settings say nothing.</summary>
internal static partial class AwsDefaults
{
    private const int MostShown = 300;

    /// <summary>The region, which need not be the name of one; null where none is named.</summary>
    public static string? FindRegion() => Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? FindProfile()?.Region?.SystemName;

    /// <summary>The endpoint of a service, which need not be a URL; null where none is named.</summary>
    /// <param name="newConfig">Makes an empty configuration of the service's client, which knows the names of its variables.</param>
    public static string? FindEndpoint(Func<ClientConfig> newConfig)
    {
        if (FindProblem() is not null)
            return null; // the SDK makes no client then
        try
        {
            return newConfig().ServiceURL is { Length: > 0 } url ? url.TrimEnd('/') : null;
        }
        catch (AmazonClientException error)
        {
            return error.Message[(error.Message.LastIndexOf(": ", StringComparison.Ordinal) + 1)..].Trim(); // not a URL: what is written follows a colon
        }
    }

    /// <summary>Says in one sentence that the files of AWS's profiles cannot be read, as no client can be made then; null where they can.</summary>
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

    /// <summary>What an error says, in a line and without a full stop; never what is written in a file.</summary>
    public static string Line(Exception error)
    {
        var message = error is ArgumentException { ParamName: { } parameter } ? error.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal) : error.Message;
        var line = Quoted().Replace(message, " in file ").ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return line.Length > MostShown ? line[..MostShown] + "…" : line;
    }

    /// <summary>The files of profiles, for people.</summary>
    public static string Files => $"{SharedCredentialsFile.DefaultFilePath} or {SharedCredentialsFile.DefaultConfigFilePath}";

    /// <summary>A variable of the environment; null where it is not set or empty.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static CredentialProfile? FindProfile() => FindProblem() is null
        && new CredentialProfileStoreChain().TryGetProfile(DefaultAWSCredentialsIdentityResolver.GetProfileName(), out var profile) ? profile : null;

    // The SDK quotes the line of a file that it does not understand, which may be a key.
    [GeneratedRegex(":<.*> in file ", RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
