using System.Security.Cryptography;
using System.Text;
using RegistryIndex.Testing.Aws;

namespace RegistryIndex.DynamoDb.Tests.Aws;

/// <summary>Requests to DynamoDB are signed with credentials from all places where AWS users keep them. The endpoint checks signatures.</summary>
public sealed class CredentialTests
{
    // Configures the machine, and returns the key that requests must be signed with, unless it is a key that a service hands out.
    private static readonly Dictionary<string, Func<AwsMachine, AwsKeys?>> Kinds = new()
    {
        ["variables"] = machine =>
        {
            var keys = machine.Aws.Issue("variables", isTemporary: false);
            machine.Set("AWS_ACCESS_KEY_ID", keys.AccessKey);
            machine.Set("AWS_SECRET_ACCESS_KEY", keys.Secret);
            return keys;
        },
        ["variables with a session token"] = machine =>
        {
            var keys = machine.Aws.Issue("session", isTemporary: true);
            machine.Set("AWS_ACCESS_KEY_ID", keys.AccessKey);
            machine.Set("AWS_SECRET_ACCESS_KEY", keys.Secret);
            machine.Set("AWS_SESSION_TOKEN", keys.Token!);
            return keys;
        },
        ["the default profile"] = machine => WriteKeys(machine, "default", isTemporary: false),
        ["a profile of temporary keys"] = machine =>
        {
            machine.Set("AWS_PROFILE", "dev");
            return WriteKeys(machine, "dev", isTemporary: true);
        },
        ["a profile in files elsewhere"] = machine =>
        {
            var keys = machine.Aws.Issue("elsewhere", isTemporary: false);
            machine.Set("AWS_SHARED_CREDENTIALS_FILE", machine.Write("etc/keys", $"[dev]\naws_access_key_id = {keys.AccessKey}\naws_secret_access_key = {keys.Secret}\n"));
            machine.Set("AWS_CONFIG_FILE", machine.Write("etc/config", "[profile dev]\nregion = eu-west-1\n"));
            machine.Set("AWS_PROFILE", "dev");
            return keys;
        },
        ["a profile with a role"] = machine =>
        {
            WriteKeys(machine, "base", isTemporary: false);
            machine.Write(".aws/config", $"[profile role]\nrole_arn = {FakeAws.Role}\nsource_profile = base\n");
            machine.Set("AWS_PROFILE", "role");
            return null;
        },
        ["a profile with a role that starts from a container's keys"] = machine =>
        {
            machine.Write(".aws/config", $"[profile role]\nrole_arn = {FakeAws.Role}\ncredential_source = EcsContainer\n");
            machine.Set("AWS_PROFILE", "role");
            machine.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{machine.Aws.Endpoint}/container/credentials");
            machine.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN", FakeAws.ContainerToken);
            return null;
        },
        ["a profile with a process"] = machine =>
        {
            var keys = machine.Aws.Issue("process", isTemporary: true);
            var file = machine.Write("keys.json", $$"""{"Version":1,"AccessKeyId":"{{keys.AccessKey}}","SecretAccessKey":"{{keys.Secret}}","SessionToken":"{{keys.Token}}","Expiration":"2999-01-01T00:00:00Z"}""");
            machine.Write(".aws/config", $"[profile process]\ncredential_process = cat {file}\n");
            machine.Set("AWS_PROFILE", "process");
            return keys;
        },
        ["a profile with SSO"] = machine =>
        {
            WriteLogin(machine);
            return null;
        },
        ["a profile with a role that starts from SSO"] = machine =>
        {
            WriteLogin(machine, $"[profile role]\nrole_arn = {FakeAws.Role}\nsource_profile = sso\n");
            machine.Set("AWS_PROFILE", "role");
            return null;
        },
        ["the web identity of a Kubernetes service account"] = machine =>
        {
            machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.Write("token", FakeAws.WebIdentity));
            machine.Set("AWS_ROLE_ARN", FakeAws.Role);
            return null;
        },
        ["a profile with a web identity"] = machine =>
        {
            machine.Write(".aws/config", $"[default]\nrole_arn = {FakeAws.Role}\nweb_identity_token_file = {machine.Write("token", FakeAws.WebIdentity)}\n");
            return null;
        },
        ["a task of ECS"] = machine =>
        {
            machine.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{machine.Aws.Endpoint}/container/credentials");
            machine.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN", FakeAws.ContainerToken);
            return null;
        },
        ["a pod identity of EKS"] = machine =>
        {
            machine.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{machine.Aws.Endpoint}/container/credentials");
            machine.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", machine.Write("pod-token", FakeAws.ContainerToken));
            return null;
        },
        ["an instance of EC2, with a profile that has a region alone"] = machine =>
        {
            machine.Write(".aws/config", "[default]\nregion = eu-central-1\n");
            machine.Set("AWS_EC2_METADATA_DISABLED", "false");
            machine.Set("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine.Aws.Endpoint);
            return null;
        },
        ["docker-registry's variables"] = machine =>
        {
            var keys = machine.Aws.Issue("predecessor", isTemporary: false);
            machine.Set("DYNAMODB_ACCESS_KEY", keys.AccessKey);
            machine.Set("DYNAMODB_SECRET_ACCESS_KEY", keys.Secret);
            return keys;
        },
        ["our settings before all others"] = machine =>
        {
            var keys = machine.Aws.Issue("own", isTemporary: true);
            machine.Set("REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__ACCESS_KEY", keys.AccessKey);
            machine.Set("REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__SECRET_ACCESS_KEY", keys.Secret);
            machine.Set("REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__SECURITY_TOKEN", keys.Token!);
            SetKeysOfS3(machine);
            Kinds!["variables"](machine);
            return keys;
        },
        ["the settings of S3 before AWS's own"] = machine =>
        {
            Kinds!["variables"](machine);
            return SetKeysOfS3(machine);
        },
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Requests_are_signed_with_the_credentials_of_each_source(string kind)
    {
        await using var machine = await AwsMachine.StartAsync();
        var expected = Kinds[kind](machine);
        var signed = await machine.SearchAsync();
        machine.Aws.Refused.Should().BeEmpty();
        signed.Service.Should().Be("dynamodb");
        if (expected is not null)
            (signed.AccessKey, signed.Token).Should().Be((expected.AccessKey, expected.Token));
        else
            (signed.AccessKey, signed.Token).Should().Match<(string Key, string? Token)>(keys => keys.Key.StartsWith("ASIA", StringComparison.Ordinal) && keys.Token != null);
        machine.Aws.Asked.Where(part => part != "instance").Should().OnlyHaveUniqueItems("keys are cached until they expire"); // the SDK also renews those of an instance in the background
    }

    [Fact]
    public async Task The_bucket_of_the_registry_is_read_with_the_same_credentials_and_region()
    {
        await using var machine = await AwsMachine.StartAsync();
        Kinds["the web identity of a Kubernetes service account"](machine);
        var load = await machine.RunAsync("load", "--set", "storage=s3", "--set", "s3_bucket=images");
        load.Stderr.Should().Contain("The directory 's3://images/' does not exist", "the bucket is empty");
        machine.Aws.Taken.Where(request => request.Service == "s3").Should().NotBeEmpty()
            .And.OnlyContain(request => request.AccessKey.StartsWith("ASIA", StringComparison.Ordinal) && request.Token != null && request.Region == "eu-central-1");
        machine.Aws.Refused.Should().BeEmpty();
    }

    private static AwsKeys WriteKeys(AwsMachine machine, string profile, bool isTemporary)
    {
        var keys = machine.Aws.Issue(profile, isTemporary);
        machine.Write(".aws/credentials", $"[{profile}]\naws_access_key_id = {keys.AccessKey}\naws_secret_access_key = {keys.Secret}\n{(isTemporary ? $"aws_session_token = {keys.Token}\n" : "")}");
        return keys;
    }

    private static AwsKeys SetKeysOfS3(AwsMachine machine)
    {
        var keys = machine.Aws.Issue("s3", isTemporary: true);
        machine.Set("REGISTRYINDEX__S3_ACCESS_KEY", keys.AccessKey);
        machine.Set("REGISTRYINDEX__S3_SECRET_KEY", keys.Secret);
        machine.Set("REGISTRYINDEX__S3_SECURITY_TOKEN", keys.Token!);
        return keys;
    }

    // The files that 'aws sso login' writes.
    internal static void WriteLogin(AwsMachine machine, string more = "", string expires = "2999-01-01T00:00:00Z", bool isLoggedIn = true)
    {
        machine.Write(".aws/config", $"""
            [sso-session corp]
            sso_start_url = https://corp.awsapps.com/start
            sso_region = eu-central-1
            sso_registration_scopes = sso:account:access
            [profile sso]
            sso_session = corp
            sso_account_id = 123456789012
            sso_role_name = registry-index

            """ + more);
        machine.Set("AWS_PROFILE", "sso");
        if (!isLoggedIn)
            return;
#pragma warning disable CA5350 // The hash gives the file the name that AWS's tools expect.
        var name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes("corp")));
#pragma warning restore CA5350
        machine.Write($".aws/sso/cache/{name}.json", $$"""{"startUrl":"https://corp.awsapps.com/start","region":"eu-central-1","accessToken":"{{FakeAws.SsoToken}}","expiresAt":"{{expires}}"}""");
    }
}
