using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace RegistryIndex.Aws;

/// <summary>The member of the AWS SDK's chain that is configured to provide the credentials.</summary>
/// <param name="Name">Its description, as the beginning of a sentence.</param>
/// <param name="Advice">What to do if it provides none.</param>
/// <param name="Profile">The name of the profile, if the source is one.</param>
/// <param name="TokenFile">The file that contains its token, if it reads one.</param>
internal sealed record AwsCredentialSource(string Name, string Advice, string? Profile = null, string? TokenFile = null)
{
    private const int MostProfiles = 8; // the longest chain of source profiles

    /// <summary>Finds the source, in the order in which the SDK looks.</summary>
    /// <returns>The source, or null if none is configured and only the metadata of an EC2 instance remain.</returns>
    /// <exception cref="AwsCredentialsException">A setting is invalid, and the SDK would silently skip it.</exception>
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
            throw new AwsCredentialsException("AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN; set the role, too");
        try
        {
            AssumeRoleWithWebIdentityCredentials.FromEnvironmentVariables();
        }
        catch (ArgumentException error)
        {
            throw new AwsCredentialsException($"AWS_WEB_IDENTITY_TOKEN_FILE '{file}', AWS_ROLE_ARN '{role}' or AWS_ROLE_SESSION_NAME is invalid ({AwsDefaults.Line(error)}); correct it");
        }

        return new($"the token in '{file}' gives no credentials of the role '{role}'", "check the role's trust policy, AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE", TokenFile: file);
    }

    private static AwsCredentialSource? FindProfile()
    {
        var name = DefaultAWSCredentialsIdentityResolver.GetProfileName();
        var profiles = new CredentialProfileStoreChain();
        if (AwsDefaults.FindProblem() is { } problem)
            throw new AwsCredentialsException(problem);
        if (profiles.TryGetProfile(name, out var profile))
            return IsMeant(profile) ? new($"the profile '{name}' gives no credentials", AdviceOf(profile, profiles), name, profile.Options.WebIdentityTokenFile) : null;
        return AwsDefaults.Variable("AWS_PROFILE") is null ? null : throw new AwsCredentialsException($"the profile '{name}' does not exist in {AwsDefaults.Files}; correct AWS_PROFILE, or the files");
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
            throw new AwsCredentialsException($"{variable} is not a URL of container credentials (https, or http on this machine or AWS's own addresses); correct it");
        }

        var shown = Uri.TryCreate(address, UriKind.Absolute, out var url) ? $"{url.Scheme}://{url.Authority}{url.AbsolutePath}" : address; // without the query, which may be secret
        return new(
            $"{shown} ({variable}) gives no credentials", "check that the task or the pod has a role", TokenFile: AwsDefaults.Variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
    }

    // A profile may contain a region alone. The chain then continues.
    private static bool IsMeant(CredentialProfile profile) => profile.CanCreateAWSCredentials
        || profile.Options is { AccessKey.Length: > 0 } or { SecretKey.Length: > 0 } or { RoleArn.Length: > 0 } or { SourceProfile.Length: > 0 } or { SsoRoleName.Length: > 0 };

    private static string AdviceOf(CredentialProfile profile, CredentialProfileStoreChain profiles)
    {
        var last = profile;
        for (var i = 0; i < MostProfiles && last.Options.SourceProfile is { Length: > 0 } source && profiles.TryGetProfile(source, out var next); i++)
            last = next;
        return (profile.Options, last.Options) switch
        {
            ({ MfaSerial.Length: > 0 }, _) => "name a profile without mfa_serial, because no user can type a code here",
            (_, { LoginSession.Length: > 0 }) => "use a profile with keys, a role or SSO, because this program cannot use the login of 'aws login'",
            (_, { SsoStartUrl.Length: > 0 } or { SsoSession.Length: > 0 }) => $"run 'aws sso login --profile {last.Name}' as the user of this program",
            (_, { CredentialProcess.Length: > 0 }) => "check the output of its credential_process",
            ({ RoleArn.Length: > 0 }, _) => "check its role_arn, the credentials that it starts from, and the role's trust policy",
            _ => $"correct it in {AwsDefaults.Files}",
        };
    }

    /// <summary>Why it provided no credentials.</summary>
    public static string ReasonOf(Exception error) => error switch
    {
        AmazonServiceException { ErrorCode: { Length: > 0 } code } => $"{code}: {AwsDefaults.Line(error)}",
        InvalidOperationException when error.Message.Contains("is an SSO profile", StringComparison.Ordinal) => "no user has logged in with it",
        _ => AwsDefaults.Line(error),
    };

    /// <summary>What to do about it.</summary>
    public string AdviceOn(Exception error) => error.Message.Contains("have already expired", StringComparison.Ordinal)
        ? "set the clock of this machine: by it, new temporary credentials have already expired"
        : Advice;
}
