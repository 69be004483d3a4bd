using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace RegistryIndex.Aws;

/// <summary>Which member of the AWS SDK's chain is meant to give the credentials, by what is set.</summary>
/// <param name="Name">What it is, as the beginning of a sentence.</param>
/// <param name="Advice">What to do where it gives none.</param>
/// <param name="Profile">The name of the profile, where it is one.</param>
/// <param name="TokenFile">The file that it reads a token from, where there is one.</param>
internal sealed record AwsCredentialSource(string Name, string Advice, string? Profile = null, string? TokenFile = null)
{
    private const int MostProfiles = 8; // that one refers to, one after the other

    /// <summary>Finds it, in the order in which the SDK looks.</summary>
    /// <returns>The source; null where nothing is set, and only the metadata of an EC2 instance are left to ask.</returns>
    /// <exception cref="AwsCredentialsException">What is set cannot be right, and the SDK would silently pass it over.</exception>
    public static AwsCredentialSource? Find() => FindKeys() ?? FindWebIdentity() ?? FindProfile() ?? FindContainer();

    private static AwsCredentialSource? FindKeys()
    {
        var (key, secret) = (AwsDefaults.Variable("AWS_ACCESS_KEY_ID"), AwsDefaults.Variable("AWS_SECRET_ACCESS_KEY") ?? AwsDefaults.Variable("AWS_SECRET_KEY"));
        if (key is null && secret is null)
            return null;
        return key is not null && secret is not null
            ? new("the environment", "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
            : throw new AwsCredentialsException($"of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only {(key is null ? "the latter" : "the former")} is set; set both, or neither");
    }

    private static AwsCredentialSource? FindWebIdentity()
    {
        if (AwsDefaults.Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is not { } file)
            return null;
        if (AwsDefaults.Variable("AWS_ROLE_ARN") is not { } role)
            throw new AwsCredentialsException("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not; name the role, too");
        try
        {
            AssumeRoleWithWebIdentityCredentials.FromEnvironmentVariables();
        }
        catch (ArgumentException error)
        {
            throw new AwsCredentialsException($"AWS_WEB_IDENTITY_TOKEN_FILE '{file}', AWS_ROLE_ARN '{role}' or AWS_ROLE_SESSION_NAME cannot be ({AwsDefaults.Line(error)}); correct it");
        }

        return new($"the token in '{file}' gives none of the role '{role}'", "check the role's trust policy, AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE", TokenFile: file);
    }

    private static AwsCredentialSource? FindProfile()
    {
        var name = DefaultAWSCredentialsIdentityResolver.GetProfileName();
        var profiles = new CredentialProfileStoreChain();
        if (AwsDefaults.FindProblem() is { } problem)
            throw new AwsCredentialsException(problem);
        if (profiles.TryGetProfile(name, out var profile))
            return IsMeant(profile) ? new($"the profile '{name}' gives none", AdviceOf(profile, profiles), name, profile.Options.WebIdentityTokenFile) : null;
        return AwsDefaults.Variable("AWS_PROFILE") is null ? null : throw new AwsCredentialsException($"there is no profile '{name}' in {AwsDefaults.Files}; correct AWS_PROFILE, or the files");
    }

    private static AwsCredentialSource? FindContainer()
    {
        var relative = AwsDefaults.Variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        if ((relative ?? AwsDefaults.Variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")) is not { } address)
            return null;
        var variable = relative is null ? "AWS_CONTAINER_CREDENTIALS_FULL_URI" : "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
        try
        {
            using var credentials = new GenericContainerCredentials();
        }
        catch (Exception error) when (error is ArgumentException or UriFormatException)
        {
            throw new AwsCredentialsException($"{variable} is no URL of a container's credentials (https, or http on this machine or AWS's own addresses); correct it");
        }

        var shown = Uri.TryCreate(address, UriKind.Absolute, out var url) ? $"{url.Scheme}://{url.Authority}{url.AbsolutePath}" : address; // without what may be secret
        return new(
            $"{shown} ({variable}) gives none", "see that the task or the pod has a role", TokenFile: AwsDefaults.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
    }

    // A profile may hold a region alone: then the chain goes on.
    private static bool IsMeant(CredentialProfile profile) => profile.CanCreateAWSCredentials
        || profile.Options is { AccessKey.Length: > 0 } or { SecretKey.Length: > 0 } or { RoleArn.Length: > 0 } or { SourceProfile.Length: > 0 } or { SsoRoleName.Length: > 0 };

    private static string AdviceOf(CredentialProfile profile, CredentialProfileStoreChain profiles)
    {
        var last = profile;
        for (var i = 0; i < MostProfiles && last.Options.SourceProfile is { Length: > 0 } source && profiles.TryGetProfile(source, out var next); i++)
            last = next;
        return (profile.Options, last.Options) switch
        {
            ({ MfaSerial.Length: > 0 }, _) => "name a profile without mfa_serial, as nobody can type a code here",
            (_, { LoginSession.Length: > 0 }) => "use a profile with keys, a role or SSO, as this program cannot use the login of 'aws login'",
            (_, { SsoStartUrl.Length: > 0 } or { SsoSession.Length: > 0 }) => $"run 'aws sso login --profile {last.Name}' as the user that this program runs as",
            (_, { CredentialProcess.Length: > 0 }) => "see what its credential_process says",
            ({ RoleArn.Length: > 0 }, _) => "check its role_arn, the credentials that it starts from, and the role's trust policy",
            _ => $"correct it in {AwsDefaults.Files}",
        };
    }

    /// <summary>Why it gave none.</summary>
    public static string ReasonOf(Exception error) => error switch
    {
        AmazonServiceException { ErrorCode: { Length: > 0 } code } => $"{code}: {AwsDefaults.Line(error)}",
        InvalidOperationException when error.Message.Contains("is an SSO profile", StringComparison.Ordinal) => "nobody has logged in with it",
        _ => AwsDefaults.Line(error),
    };

    /// <summary>What to do about it.</summary>
    public string AdviceOn(Exception error) => error.Message.Contains("have already expired", StringComparison.Ordinal)
        ? "set the clock of this machine, by which temporary credentials that were just made are old"
        : Advice;
}
