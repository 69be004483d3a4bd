using RegistryIndex.Testing.Aws;

namespace RegistryIndex.DynamoDb.Tests.Aws;

/// <summary>
/// Credentials that are set and give none end a command at once, with one sentence that says which, why and what to do; those of
/// another place are not used instead, and no secret is shown.
/// </summary>
public sealed class CredentialProblemTests
{
    private static readonly Dictionary<string, (Action<AwsMachine> Set, string Sentence)> Problems = new()
    {
        ["nothing at all"] = (_ => { }, "set access_key and secret_access_key, or use any source that the AWS SDK knows."),
        ["half a pair"] = (machine => machine.Set("AWS_ACCESS_KEY_ID", "AKIAHALF"), "of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only the former is set; set both, or neither."),
        ["a token file that is not there"] = (
            machine =>
            {
                machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.PathOf("nowhere/token"));
                machine.Set("AWS_ROLE_ARN", FakeAws.Role);
            },
            "the token in '*/nowhere/token' gives none of the role '*', as the token file '*/nowhere/token' cannot be read (there is none); see that it is there and *."),
        ["a token file that is a directory"] = (
            machine =>
            {
                machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.PathOf(""));
                machine.Set("AWS_ROLE_ARN", FakeAws.Role);
            },
            "the token in '*' gives none of the role '*', as the token file '*' cannot be read (*); see that it is there and *."),
        ["a token file that is no text"] = (
            machine =>
            {
                machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.Write("token", "PK\u0003\u0004\0\0"));
                machine.Set("AWS_ROLE_ARN", FakeAws.Role);
            },
            "the token in '*' gives none of the role '*', as the token file '*' cannot be read (it is no text); see that it is there and *."),
        ["a token file without a role"] = (
            machine => machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.Write("token", FakeAws.WebIdentity)), "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not; name the role, too."),
        ["a token file that is named relatively"] = (
            machine =>
            {
                machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", "token");
                machine.Set("AWS_ROLE_ARN", FakeAws.Role);
            },
            "AWS_WEB_IDENTITY_TOKEN_FILE 'token', AWS_ROLE_ARN '*' or AWS_ROLE_SESSION_NAME cannot be (*absolute path); correct it."),
        ["a token that STS does not believe"] = (
            machine =>
            {
                machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.Write("token", "forged-identity"));
                machine.Set("AWS_ROLE_ARN", FakeAws.Role);
            },
            "the token in '*' gives none of the role '*' (InvalidIdentityToken: The ID Token provided is not a valid JWT); check the role's trust policy, *."),
        ["a role that STS refuses"] = (
            machine =>
            {
                var keys = machine.Aws.Issue("base", isTemporary: false);
                machine.Write(".aws/credentials", $"[base]\naws_access_key_id = {keys.AccessKey}\naws_secret_access_key = {keys.Secret}\n");
                machine.Write(".aws/config", $"[profile role]\nrole_arn = {FakeAws.Role}-of-others\nsource_profile = base\n");
                machine.Set("AWS_PROFILE", "role");
            },
            "the profile 'role' gives none (AccessDenied: Not authorized to perform sts:AssumeRole); check its role_arn, *."),
        ["a role that starts from a profile that is not there"] = (
            machine =>
            {
                machine.Write(".aws/config", $"[profile role]\nrole_arn = {FakeAws.Role}\nsource_profile = base\n");
                machine.Set("AWS_PROFILE", "role");
            },
            "the profile 'role' gives none (*base*); check its role_arn, *."),
        ["a role that wants a code"] = (
            machine =>
            {
                machine.Write(".aws/config", $"[profile role]\nrole_arn = {FakeAws.Role}\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n");
                machine.Set("AWS_PROFILE", "role");
            },
            "the profile 'role' gives none (*MFA*); name a profile without mfa_serial, as nobody can type a code here."),
        ["a profile that is not there"] = (machine => machine.Set("AWS_PROFILE", "nobody"), "there is no profile 'nobody' in */.aws/credentials or */.aws/config; correct AWS_PROFILE, or the files."),
        ["a profile with half a pair"] = (
            machine => machine.Write(".aws/credentials", "[default]\naws_access_key_id = AKIAHALF\n"), "the profile 'default' gives none (*not valid*); correct it in */.aws/credentials or */.aws/config."),
        ["SSO without a login"] = (
            machine => CredentialTests.WriteLogin(machine, isLoggedIn: false),
            "the profile 'sso' gives none (nobody has logged in with it); run 'aws sso login --profile sso' as the user that this program runs as."),
        ["SSO with a login that has expired"] = (
            machine => CredentialTests.WriteLogin(machine, expires: "2020-01-01T00:00:00Z"),
            "the profile 'sso' gives none (*expired*); run 'aws sso login --profile sso' as the user that this program runs as."),
        ["a role that starts from SSO without a login"] = (
            machine =>
            {
                CredentialTests.WriteLogin(machine, $"[profile role]\nrole_arn = {FakeAws.Role}\nsource_profile = sso\n", isLoggedIn: false);
                machine.Set("AWS_PROFILE", "role");
            },
            "the profile 'role' gives none (*); run 'aws sso login --profile sso' as the user that this program runs as."),
        ["a login of 'aws login'"] = (
            machine =>
            {
                machine.Write(".aws/config", "[profile login]\nlogin_session = arn:aws:iam::123456789012:user/me\n");
                machine.Set("AWS_PROFILE", "login");
            },
            "the profile 'login' gives none (*); use a profile with keys, a role or SSO, as this program cannot use the login of 'aws login'."),
        ["a process that fails"] = (
            machine =>
            {
                machine.Write(".aws/config", "[default]\ncredential_process = sh -c 'echo vault is sealed >&2; exit 3'\n");
            },
            "the profile 'default' gives none (*); see what its credential_process says."),
        ["a container that refuses"] = (
            machine =>
            {
                machine.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{machine.Aws.Endpoint}/container/credentials?secret=of-the-url");
                machine.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "forged-token");
            },
            "http://127.0.0.1:*/container/credentials (AWS_CONTAINER_CREDENTIALS_FULL_URI) gives none (*403*); see that the task or the pod has a role."),
        ["a container whose token is not mounted"] = (
            machine =>
            {
                machine.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{machine.Aws.Endpoint}/container/credentials");
                machine.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", machine.PathOf("eks/token"));
            },
            "http://127.0.0.1:*/container/credentials (AWS_CONTAINER_CREDENTIALS_FULL_URI) gives none, as the token file '*/eks/token' cannot be read (there is none); *."),
        ["a container elsewhere"] = (
            machine => machine.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/credentials"), "AWS_CONTAINER_CREDENTIALS_FULL_URI is no URL of a container's credentials (*); correct it."),
        ["credentials that are old by this machine's clock"] = (
            machine =>
            {
                machine.Aws.ClockAhead = TimeSpan.FromHours(-3);
                machine.Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{machine.Aws.Endpoint}/container/credentials");
                machine.Set("AWS_CONTAINER_AUTHORIZATION_TOKEN", FakeAws.ContainerToken);
            },
            "http://127.0.0.1:*/container/credentials (AWS_CONTAINER_CREDENTIALS_FULL_URI) gives none (*expired*); set the clock of this machine, by which temporary credentials that were just made are old."),
    };

    private static readonly string[] Secrets = [FakeAws.WebIdentity, FakeAws.ContainerToken, FakeAws.SsoToken, "secret/of", "token/of", "forged-token", "forged-identity", "of-the-url"];

    public static TheoryData<string> Names => [.. Problems.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task One_sentence_says_what_gives_no_credentials_and_what_to_do(string problem)
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
    public async Task Files_of_profiles_that_cannot_be_read_are_a_mistake_whose_lines_are_not_shown(string content, string reason)
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
    public async Task A_bucket_without_credentials_is_one_sentence_at_once()
    {
        await using var machine = await AwsMachine.StartAsync();
        machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.PathOf("nowhere/token"));
        machine.Set("AWS_ROLE_ARN", FakeAws.Role);
        var load = await machine.RunElsewhereAsync("load", "--database", $"sqlite:///{machine.PathOf("index.db")}", "--set", "storage=s3", "--set", "s3_bucket=images");
        load.ExitCode.Should().Be(1);
        load.Stderr.Should().Match("*of the bucket 'images' cannot be read (no AWS credentials were found: the token in '*' gives none of the role '*', as the token file '*' cannot be read (there is none); *");
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
    public async Task What_is_missing_for_a_client_of_the_application_s_own_is_no_passing_failure(Exception missing)
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
    public async Task What_may_pass_is_waited_for()
    {
        await using var machine = await AwsMachine.StartAsync();
        machine.Aws.IsStsDown = true;
        machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.Write("token", FakeAws.WebIdentity));
        machine.Set("AWS_ROLE_ARN", FakeAws.Role);
        var search = machine.SearchAsync();
        await Testing.Eventually.BeAsync(() => machine.Aws.Asked.Count > 8); // more often than the SDK itself asks
        machine.Aws.IsStsDown = false;
        (await search).AccessKey.Should().StartWith("ASIA");
    }
}
