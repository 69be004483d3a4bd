namespace RegistryIndex.DynamoDb.Tests.Aws;

/// <summary>Region and endpoint come from our settings, then from those of S3, then from the places that all AWS tools share.</summary>
public sealed class PlaceTests
{
    [Theory]
    [InlineData("us-east-1")]
    [InlineData("ap-south-1", "profile=ap-south-1")]
    [InlineData("eu-west-3", "profile=ap-south-1", "AWS_DEFAULT_REGION=eu-west-3")]
    [InlineData("eu-west-2", "profile=ap-south-1", "AWS_DEFAULT_REGION=eu-west-3", "AWS_REGION=eu-west-2")]
    [InlineData("eu-west-1", "AWS_REGION=eu-west-2", "REGISTRYINDEX__S3_REGION=eu-west-1")]
    [InlineData("eu-north-1", "AWS_REGION=eu-west-2", "REGISTRYINDEX__S3_REGION=eu-west-1", "DYNAMODB_REGION=eu-north-1")]
    [InlineData("eu-south-1", "DYNAMODB_REGION=eu-north-1", "REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__REGION=eu-south-1")]
    public async Task The_region_comes_from_each_source_in_its_order(string expected, params string[] settings)
    {
        await using var machine = await NewAsync();
        machine.Variables.Remove("AWS_REGION");
        Apply(machine, settings);
        (await machine.SearchAsync()).Region.Should().Be(expected);
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL_DYNAMODB=HERE")]
    [InlineData("AWS_ENDPOINT_URL=HERE/")]
    [InlineData("AWS_ENDPOINT_URL=http://127.0.0.1:9", "AWS_ENDPOINT_URL_DYNAMODB=HERE")]
    [InlineData("AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:9", "REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__ENDPOINT=HERE")]
    public async Task The_endpoint_comes_from_each_source_and_status_shows_it(params string[] settings)
    {
        await using var machine = await NewAsync();
        machine.Variables.Remove("AWS_ENDPOINT_URL_DYNAMODB");
        Apply(machine, settings);
        var status = await machine.RunAsync("status");
        status.ExitCode.Should().Be(0, status.Stderr);
        status.Stdout.Should().Contain($"{machine.Prefix}-repository at {machine.Aws.Endpoint}\n");
        machine.Aws.Taken.Should().NotBeEmpty();
    }

    [Fact]
    public async Task The_endpoint_may_come_from_the_profile()
    {
        await using var machine = await NewAsync();
        machine.Variables.Remove("AWS_ENDPOINT_URL_DYNAMODB");
        machine.Write(".aws/config", $"[default]\nservices = local\n[services local]\ndynamodb =\n  endpoint_url = {machine.Aws.Endpoint}\n");
        (await machine.RunAsync("status")).Stdout.Should().Contain($"{machine.Prefix}-repository at {machine.Aws.Endpoint}\n");
    }

    [Theory]
    [InlineData("AWS_REGION=Mars", "The region of AWS_REGION, AWS_DEFAULT_REGION or the AWS profile 'Mars' is not the name of an AWS region, such as us-east-1.")]
    [InlineData("AWS_ENDPOINT_URL_DYNAMODB=localhost:8000", "The endpoint of AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL or the AWS profile 'localhost:8000' is not an http or https URL.")]
    [InlineData("AWS_ENDPOINT_URL=nowhere", "The endpoint of AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL or the AWS profile 'nowhere' is not an http or https URL.")]
    [InlineData("AWS_ENDPOINT_URL_DYNAMODB=http://me:hunter2@localhost:8000", "The endpoint of AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL or the AWS profile has a user or a password in its URL, which is not used: remove it.")]
    public async Task A_mistake_in_an_AWS_variable_or_file_is_one_sentence_that_names_it(string setting, string sentence)
    {
        await using var machine = await NewAsync();
        machine.Variables.Remove("AWS_ENDPOINT_URL_DYNAMODB");
        Apply(machine, setting);
        var status = await machine.RunAsync("status");
        status.ExitCode.Should().Be(2, status.Stderr);
        status.Stderr.Should().Contain(sentence).And.NotContain("hunter2");
        status.Stderr.TrimEnd('\n').Should().NotContain("\n");
    }

    [Fact]
    public async Task Config_shows_the_keys_of_docker_registrys_variables_and_hides_their_values()
    {
        await using var machine = await NewAsync();
        Apply(machine, "DYNAMODB_ACCESS_KEY=AKIASHOWN", "DYNAMODB_SECRET_ACCESS_KEY=hunter2", "REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__SECURITY_TOKEN=hunter3", "AWS_SESSION_TOKEN=hunter4");
        var config = await machine.RunAsync("config");
        config.Stdout.Should().Contain("extensions:dynamodb_index:access_key = ***  (environment variable DYNAMODB_ACCESS_KEY)")
            .And.Contain("extensions:dynamodb_index:secret_access_key = ***  (environment variable DYNAMODB_SECRET_ACCESS_KEY)")
            .And.Contain("extensions:dynamodb_index:security_token = ***").And.NotContain("hunter").And.NotContain("AKIASHOWN");
    }

    private static async Task<AwsMachine> NewAsync()
    {
        var machine = await AwsMachine.StartAsync();
        var keys = machine.Aws.Issue("place", isTemporary: false);
        machine.Set("AWS_ACCESS_KEY_ID", keys.AccessKey);
        machine.Set("AWS_SECRET_ACCESS_KEY", keys.Secret);
        return machine;
    }

    private static void Apply(AwsMachine machine, params string[] settings)
    {
        foreach (var (name, value) in settings.Select(setting => (setting.Split('=')[0], setting.Split('=', 2)[1])))
        {
            if (name == "profile")
                machine.Write(".aws/config", $"[default]\nregion = {value}\n");
            else
                machine.Set(name, value.Replace("HERE", machine.Aws.Endpoint, StringComparison.Ordinal));
        }
    }
}
