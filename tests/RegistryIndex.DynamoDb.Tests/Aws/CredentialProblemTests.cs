using RegistryIndex.Testing.Aws;

namespace RegistryIndex.DynamoDb.Tests.Aws;

/// <summary>
/// If configured credentials do not work, a command ends at once, with one sentence that says which, why and what to do. Credentials of
/// another place are not used instead, and no secret is shown.
/// </summary>
public sealed class CredentialProblemTests
{
    private static readonly Dictionary<string, (Action<AwsMachine> Set, string Sentence)> Problems = new()
    {
        ["nothing at all"] = (_ => { }, "set access_key and secret_access_key, or use any source that the AWS SDK knows."),
        ["half a pair"] = (machine => machine.Set("AWS_ACCESS_KEY_ID", "AKIAHALF"), "of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only the former is set; set both, or neither."),
        ["a missing token file"] = (
            machine =>
            {
                machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.PathOf("nowhere/token"));
                machine.Set("AWS_ROLE_ARN", FakeAws.Role);
            },
            "the token in '*/nowhere/token' gives no credentials of the role '*', because the token file '*/nowhere/token' cannot be read (it does not exist); check that it exists and *."),
        ["a token file that is a directory"] = (
            machine =>
            {
                machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.PathOf(""));
                machine.Set("AWS_ROLE_ARN", FakeAws.Role);
            },
            "the token in '*' gives no credentials of the role '*', because the token file '*' cannot be read (*); check that it exists and *."),
        ["a token file that is not text"] = (
            machine =>
            {
                machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.Write("token", "PK\u0003\u0004\0\0"));
                machine.Set("AWS_ROLE_ARN", FakeAws.Role);
            },
            "the token in '*' gives no credentials of the role '*', because the token file '*' cannot be read (it is not a text file); check that it exists and *."),
        ["a token file without a role"] = (
            machine => machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.Write("token", FakeAws.WebIdentity)), "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN; set the role, too."),
        ["a token file with a relative path"] = (
            machine =>
            {
                machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", "token");
                machine.Set("AWS_ROLE_ARN", FakeAws.Role);
            },
            "AWS_WEB_IDENTITY_TOKEN_FILE 'token', AWS_ROLE_ARN '*' or AWS_ROLE_SESSION_NAME is invalid (*absolute path); correct it."),
        ["a token that STS rejects"] = (
            machine =>
            {
                machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.Write("token", "forged-identity"));
                machine.Set("AWS_ROLE_ARN", FakeAws.Role);
            },
            "the token in '*' gives no credentials of the role '*' (InvalidIdentityToken: The ID Token provided is not a valid JWT); check the role's trust policy, *."),
        ["a role that STS refuses"] = (
            machine =>
            {
                var keys = machine.Aws.Issue("base", isTemporary: false);
                machine.Write(".aws/credentials", $"[base]\naws_access_key_id = {keys.AccessKey}\naws_secret_access_key = {keys.Secret}\n");
                machine.Write(".aws/config", $"[profile role]\nrole_arn = {FakeAws.Role}-of-others\nsource_profile = base\n");
                machine.Set("AWS_PROFILE", "role");
            },
            "the profile 'role' gives no credentials (AccessDenied: Not authorized to perform sts:AssumeRole); check its role_arn, *."),
        ["a role with a missing source profile"] = (
            machine =>
            {
                machine.Write(".aws/config", $"[profile role]\nrole_arn = {FakeAws.Role}\nsource_profile = base\n");
                machine.Set("AWS_PROFILE", "role");
            },
            "the profile 'role' gives no credentials (*base*); check its role_arn, *."),
        ["a role that requires a code"] = (
            machine =>
            {
                machine.Write(".aws/config", $"[profile role]\nrole_arn = {FakeAws.Role}\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n");
                machine.Set("AWS_PROFILE", "role");
            },
            "the profile 'role' gives no credentials (*MFA*); name a profile without mfa_serial, because no user can type a code here."),
        ["a missing profile"] = (machine => machine.Set("AWS_PROFILE", "nobody"), "the profile 'nobody' does not exist in */.aws/credentials or */.aws/config; correct AWS_PROFILE, or the files."),
        ["a profile with half a pair"] = (
            machine => machine.Write(".aws/credentials", "[default]\naws_access_key_id = AKIAHALF\n"), "the profile 'default' gives no credentials (*not valid*); correct it in */.aws/credentials or */.aws/config."),
        ["SSO without a login"] = (
            machine => CredentialTests.WriteLogin(machine, isLoggedIn: false),
            "the profile 'sso' gives no credentials (no user has logged in with it); run 'aws sso login --profile sso' as the user of this program."),
        ["SSO with a login that has expired"] = (
            machine => CredentialTests.WriteLogin(machine, expires: "2020-01-01T00:00:00Z"),
            "the profile 'sso' gives no credentials (*expired*); run 'aws sso login --profile sso' as the user of this program."),
        ["a role that starts from SSO without a login"] = (
            machine =>
            {
                CredentialTests.WriteLogin(machine, $"[profile role]\nrole_arn = {FakeAws.Role}\nsource_profile = sso\n", isLoggedIn: false);
                machine.Set("AWS_PROFILE", "role");
            },
            "the profile 'role' gives no credentials (*); run 'aws sso login --profile sso' as the user of this program."),
        ["a login of 'aws login'"] = (
            machine =>
            {
                machine.Write(".aws/config", "[profile login]\nlogin_session = arn:aws:iam::123456789012:user/me\n");
                machine.Set("AWS_PROFILE", "login");
            },
            "the profile 'login' gives no credentials (*); use a profile with keys, a role or SSO, because this program cannot use the login of 'aws login'."),
        ["a process that fails"] = (
            machine =>
            {
                machine.Write(".aws/config", "[default]\ncredential_process = sh -c 'echo vault is sealed >&2; exit 3'\n");
            },
            "the profile 'default' gives no credentials (*); check the output of its credential_process."),
        ["a container that refuses"] = (
            machine =>
            {
                machine.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{machine.Aws.Endpoint}/container/credentials?secret=of-the-url");
                machine.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "forged-token");
            },
            "http://127.0.0.1:*/container/credentials (AWS_CONTAINER_CREDENTIALS_FULL_URI) gives no credentials (*403*); check that the task or the pod has a role."),
        ["a container whose token is not mounted"] = (
            machine =>
            {
                machine.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{machine.Aws.Endpoint}/container/credentials");
                machine.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", machine.PathOf("eks/token"));
            },
            "http://127.0.0.1:*/container/credentials (AWS_CONTAINER_CREDENTIALS_FULL_URI) gives no credentials, because the token file '*/eks/token' cannot be read (it does not exist); *."),
        ["a container address that is not local"] = (
            machine => machine.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/credentials"), "AWS_CONTAINER_CREDENTIALS_FULL_URI is not a URL of container credentials (*); correct it."),
        ["credentials expired by the clock of this machine"] = (
            machine =>
            {
                machine.Aws.ClockAhead = TimeSpan.FromHours(-3);
                machine.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{machine.Aws.Endpoint}/container/credentials");
                machine.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN", FakeAws.ContainerToken);
            },
            "http://127.0.0.1:*/container/credentials (AWS_CONTAINER_CREDENTIALS_FULL_URI) gives no credentials (*expired*); set the clock of this machine: by it, new temporary credentials have already expired."),
    };

    private static readonly string[] Secrets = [FakeAws.WebIdentity, FakeAws.ContainerToken, FakeAws.SsoToken, "secret/of", "token/of", "forged-token", "forged-identity", "of-the-url"];

    public static TheoryData<string> Names => [.. Problems.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Missing_credentials_are_one_sentence_with_the_cause_and_a_remedy(string problem)
    {
        await using var machine = await AwsMachine.StartAsync();
        Problems[problem].Set(machine);
        var search = await machine.RunAsync("search", "shop");
        search.ExitCode.Should().Be(1, search.Stderr);
        search.Stderr.Should().Match($"*dynamodb open: no AWS credentials were found for {machine.Aws.Endpoint}: {Problems[problem].Sentence}\n").And.NotContain("   at ");
        search.Stderr.TrimEnd('\n').Should().NotContain("\n");
        search.Stdout.Should().BeEmpty();
        machine.Aws.Taken.Should().BeEmpty();
        (search.Stdout + search.Stderr).Should().NotContainAny(Secrets);
    }

    [Theory]
    [InlineData("[default]\naws_secret_access_key secret/of-a-line\n", "Line 2 in file */.aws/config does not contain a section, property or comment")]
    [InlineData("[default]\nsso_session = corp\n", "*sso_session*corp*")]
    public async Task An_unreadable_profile_is_an_error_that_does_not_show_its_lines(string content, string reason)
    {
        await using var machine = await AwsMachine.StartAsync();
        machine.Write(".aws/config", content);
        foreach (var arguments in new[] { new[] { "search", "shop" }, ["load", "--set", "storage=s3", "--set", "s3_bucket=images"] })
        {
            var run = await machine.RunAsync(arguments);
            run.ExitCode.Should().Be(2, run.Stderr);
            run.Stderr.Should().Match($"*The AWS profile 'default' cannot be read ({reason}); correct */.aws/credentials or */.aws/config.*").And.NotContainAny(Secrets);
        }
    }

    [Fact]
    public async Task Missing_credentials_for_a_bucket_are_one_sentence_at_once()
    {
        await using var machine = await AwsMachine.StartAsync();
        machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.PathOf("nowhere/token"));
        machine.Set("AWS_ROLE_ARN", FakeAws.Role);
        var load = await machine.RunElsewhereAsync("load", "--database", $"sqlite:///{machine.PathOf("index.db")}", "--set", "storage=s3", "--set", "s3_bucket=images");
        load.ExitCode.Should().Be(1);
        load.Stderr.Should().Match("*of the bucket 'images' cannot be read (no AWS credentials were found: the token in '*' gives no credentials of the role '*', because the token file '*' cannot be read (it does not exist); *");
        load.Stderr.TrimEnd('\n').Should().NotContain("\n");
    }

    public static TheoryData<Exception> Missing =>
    [
        new InvalidOperationException("Assembly AWSSDK.SecurityToken could not be found or loaded.", new FileNotFoundException("Could not load file or assembly 'AWSSDK.SecurityToken, Version=4.0.0.0'.")),
        new InvalidOperationException("Assembly AWSSDK.SSO could not be found or loaded.", new FileLoadException("Could not load file or assembly 'AWSSDK.SSO, Version=4.0.0.0'.")),
        new InvalidOperationException("A token could not be loaded from the WebIdentityTokenFile.", new DirectoryNotFoundException("Could not find a part of the path '/var/run/token'.")),
        new Amazon.Runtime.AmazonClientException("Unable to sign.", new FileNotFoundException("Could not find file '/var/run/token'.")),
    ];

    [Theory]
    [MemberData(nameof(Missing), DisableDiscoveryEnumeration = true)]
    public async Task Missing_credentials_of_the_applications_own_client_are_not_retried(Exception missing)
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.RetryTimeout = 3600;
        using var client = tables.NewClient();
        client.Before = _ => throw missing;
        var get = async () => await tables.New(client).GetAsync("web", TestIndexes.Stop);
        (await get.Should().ThrowAsync<RegistryIndexException>()).Which.MayRetry.Should().BeFalse();
        client.Calls.Should().Be(1);
    }

    [Fact]
    public async Task A_temporary_failure_of_the_credential_source_is_retried()
    {
        await using var machine = await AwsMachine.StartAsync();
        machine.Aws.IsStsDown = true;
        machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.Write("token", FakeAws.WebIdentity));
        machine.Set("AWS_ROLE_ARN", FakeAws.Role);
        var search = machine.SearchAsync();
        await Testing.Eventually.BeAsync(() => machine.Aws.Asked.Count > 8); // more often than the SDK itself retries
        machine.Aws.IsStsDown = false;
        (await search).AccessKey.Should().StartWith("ASIA");
    }
}
