using Amazon.DynamoDBv2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>How a configuration selects and configures the provider.</summary>
public sealed class ProviderTests
{
    [Theory]
    [InlineData("dynamodb")]
    [InlineData("docker_registry_index.dynamodb")]
    [InlineData("DynamoDB")]
    public async Task The_configured_name_selects_the_provider(string name)
    {
        await using var services = Services(("search_backend", name));
        services.GetRequiredService<IRegistryIndex>().Provider.Should().Be("dynamodb");
        services.GetRequiredService<DynamoDbMaintenance>().Should().NotBeNull();
    }

    [Fact]
    public void A_container_can_be_disposed_of_synchronously()
    {
        var services = Services();
        services.GetRequiredService<IRegistryIndex>();
        services.Dispose();
    }

    [Fact]
    public async Task A_client_of_the_application_is_used()
    {
        using var own = new AmazonDynamoDBClient("key", "secret", new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:9" });
        var configuration = Configuration();
        await using var services = new ServiceCollection().AddSingleton<IAmazonDynamoDB>(own).AddRegistryIndex(configuration).BuildServiceProvider();
        services.GetRequiredService<IAmazonDynamoDB>().Should().BeSameAs(own);
        services.GetRequiredService<IRegistryIndex>().Provider.Should().Be("dynamodb");
    }

    [Theory]
    [InlineData(null, "retries failed requests up to * times, *set MaxErrorRetry = 0*")]
    [InlineData(0, null)]
    public async Task A_client_of_the_application_that_retries_by_itself_is_a_warning(int? retries, string? warning)
    {
        var config = new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:9" };
        if (retries is { } chosen)
            config.MaxErrorRetry = chosen;
        using var own = new AmazonDynamoDBClient("key", "secret", config);
        using var log = new Warnings();
        await using var services = new ServiceCollection().AddSingleton<IAmazonDynamoDB>(own).AddLogging(logging => logging.AddProvider(log))
            .AddRegistryIndex(Configuration()).BuildServiceProvider();
        services.GetRequiredService<IRegistryIndex>();
        if (warning is null)
            log.Messages.Should().BeEmpty();
        else
            log.Messages.Should().ContainSingle().Which.Should().Match("*" + warning);
    }

    [Fact]
    public async Task Without_settings_the_names_and_the_region_are_those_of_the_Python_registry()
    {
        await using var services = Services();
        var options = OptionsOf(services);
        (options.RepositoryTable, options.VersionTable, options.SearchTable).Should().Be(("docker-registry-repository", "docker-registry-version", "docker-registry-search"));
        (options.Region, options.AccessKey, options.CreateTables, options.ConsistentReads).Should().Be(("us-east-1", null, true, false));
    }

    [Fact]
    public async Task Every_setting_is_read()
    {
        const string Section = "extensions:dynamodb_index:";
        await using var services = Services(
            (Section + "database", "my"), (Section + "repository_table", "r-table"), (Section + "version_table", "v-table"), (Section + "search_table", "s-table"),
            (Section + "region", "eu-central-1"), (Section + "access_key", "AK"), (Section + "secret_access_key", "SK"), (Section + "security_token", "ST"), (Section + "endpoint", "http://127.0.0.1:8000"),
            (Section + "create_tables", "false"), (Section + "consistent_reads", "true"), (Section + "request_timeout", "3"), (Section + "retry_timeout", "4"), (Section + "table_timeout", "5"));
        OptionsOf(services).Should().BeEquivalentTo(new DynamoDbIndexOptions
        {
            Database = "my",
            RepositoryTable = "r-table",
            VersionTable = "v-table",
            SearchTable = "s-table",
            Region = "eu-central-1",
            AccessKey = "AK",
            SecretAccessKey = "SK",
            SecurityToken = "ST",
            Endpoint = "http://127.0.0.1:8000",
            CreateTables = false,
            ConsistentReads = true,
            RequestTimeout = 3,
            RetryTimeout = 4,
            TableTimeout = 5,
        });
    }

    [Fact]
    public async Task Missing_and_empty_settings_come_from_those_of_the_image_store()
    {
        await using var services = Services(
            ("extensions:dynamodb_index:database", "hub"), ("extensions:dynamodb_index:region", ""), ("extensions:dynamodb_index:access_key", " "),
            ("s3_region", "ap-south-1"), ("s3_access_key", "AK"), ("s3_secret_key", "SK"), ("s3_security_token", "ST"), ("DYNAMODB_VERSION_TABLE", "hub-v"));
        var options = OptionsOf(services);
        (options.Region, options.AccessKey, options.SecretAccessKey, options.SecurityToken).Should().Be(("ap-south-1", "AK", "SK", "ST"));
        (options.RepositoryTable, options.VersionTable, options.SearchTable).Should().Be(("hub-repository", "hub-v", "hub-search"));
    }

    [Theory]
    [InlineData("access_key", "extensions:dynamodb_index:access_key and secret_access_key must both be set, and only extensions:dynamodb_index:access_key is.")]
    [InlineData("secret_access_key", "extensions:dynamodb_index:access_key and secret_access_key must both be set, and only extensions:dynamodb_index:secret_access_key is.")]
    [InlineData("security_token", "extensions:dynamodb_index:security_token requires access_key and secret_access_key, which are not set.")]
    [InlineData("s3_secret_key", "s3_access_key and s3_secret_key must both be set, and only s3_secret_key is.")]
    public async Task Incomplete_keys_are_reported_under_the_names_in_the_configuration(string key, string problem)
    {
        await using var services = Services((key.StartsWith("s3_", StringComparison.Ordinal) ? key : $"extensions:dynamodb_index:{key}", "hunter2"));
        var open = () => services.GetRequiredService<IRegistryIndex>();
        open.Should().Throw<OptionsValidationException>().Which.Failures.Should().Equal(problem);
    }

    [Fact]
    public async Task Temporary_keys_of_the_image_store_are_used_with_their_token()
    {
        (string, string)[] s3 = [("s3_access_key", "AK"), ("s3_secret_key", "SK"), ("s3_security_token", "ST")];
        await using var theirs = Services(s3);
        (await CredentialsOfAsync(theirs)).Should().Be(("AK", "SK", "ST"));
        await using var own = Services([.. s3, ("DYNAMODB_ACCESS_KEY", "own"), ("DYNAMODB_SECRET_ACCESS_KEY", "own secret")]);
        (await CredentialsOfAsync(own)).Should().Be(("own", "own secret", ""));

        static async Task<(string, string, string)> CredentialsOfAsync(ServiceProvider services)
        {
            using var client = DynamoDbClient.Create(OptionsOf(services));
            var credentials = await client.Config.DefaultAWSCredentials.GetCredentialsAsync();
            return (credentials.AccessKey, credentials.SecretKey, credentials.Token);
        }
    }

    [Fact]
    public async Task The_location_is_that_of_the_client_also_of_one_of_the_application()
    {
        using var own = new AmazonDynamoDBClient("key", "secret", new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:9" });
        DynamoDbClient.PlaceOf(own).Should().Be("http://127.0.0.1:9");
        using var regional = new AmazonDynamoDBClient("key", "secret", new AmazonDynamoDBConfig { RegionEndpoint = Amazon.RegionEndpoint.EUWest1 });
        DynamoDbClient.PlaceOf(regional).Should().Be("DynamoDB in eu-west-1");
        await using var services = Services(("extensions:dynamodb_index:endpoint", "http://127.0.0.1:8000/"), ("extensions:dynamodb_index:region", "eu-west-2"));
        using var configured = DynamoDbClient.Create(OptionsOf(services));
        DynamoDbClient.PlaceOf(configured).Should().Be("http://127.0.0.1:8000");
    }

    [Theory]
    [InlineData("repository_table", "docker-registry-version", "repository_table and version_table are both 'docker-registry-version': each needs a table of its own.")]
    [InlineData("search_table", "a b", "search_table 'a b' is not the name of a DynamoDB table*")]
    [InlineData("region", "Mars", "region 'Mars' is not the name of an AWS region*")]
    [InlineData("endpoint", "localhost:8000", "endpoint 'localhost:8000' is not an http or https URL.")]
    [InlineData("access_key", "AK", "access_key and secret_access_key must both be set*")]
    [InlineData("request_timeout", "0", "request_timeout is 0, and must be 1 to 300 seconds.")]
    [InlineData("max_write_units", "-5", "max_write_units is -5, and must be 0 (without limit) to 1000000 units a second.")]
    public async Task A_wrong_option_is_one_clear_sentence(string key, string value, string problem)
    {
        await using var services = Services(($"extensions:dynamodb_index:{key}", value));
        var open = () => services.GetRequiredService<IRegistryIndex>();
        open.Should().Throw<OptionsValidationException>().Which.Failures.Should().ContainSingle().Which.Should().Match("*" + problem);
    }

    [Fact]
    public async Task Without_credentials_the_error_says_where_to_set_them()
    {
        // The SDK looks in many places. All are disabled while this test runs.
        using var hidden = new Variables(
            ("AWS_ACCESS_KEY_ID", null), ("AWS_SECRET_ACCESS_KEY", null), ("AWS_PROFILE", null), ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/nowhere"), ("AWS_CONFIG_FILE", "/nowhere"), ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", null));
        await using var services = Services(("extensions:dynamodb_index:endpoint", "http://127.0.0.1:9"), ("extensions:dynamodb_index:retry_timeout", "0"));
        var open = async () => await services.GetRequiredService<IRegistryIndex>().InitializeAsync(TestIndexes.Stop);
        (await open.Should().ThrowAsync<RegistryIndexException>().WithMessage("dynamodb initialize: no AWS credentials were found for http://127.0.0.1:9: set access_key and secret_access_key, or use any source that the AWS SDK knows."))
            .Which.MayRetry.Should().BeFalse();
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("search_backend", "dynamodb")])
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    private static ServiceProvider Services(params (string Key, string Value)[] settings) =>
        new ServiceCollection().AddRegistryIndex(Configuration(settings)).BuildServiceProvider();

    private static DynamoDbIndexOptions OptionsOf(ServiceProvider services) => services.GetRequiredService<IOptions<DynamoDbIndexOptions>>().Value;

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public List<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Add(formatter(state, exception));

        public void Dispose()
        {
            // There is nothing to end.
        }
    }

    private sealed class Variables : IDisposable
    {
        private readonly List<(string Name, string? Value)> _before = [];

        public Variables(params (string Name, string? Value)[] variables)
        {
            foreach (var (name, value) in variables)
            {
                _before.Add((name, Environment.GetEnvironmentVariable(name)));
                Environment.SetEnvironmentVariable(name, value);
            }
        }

        public void Dispose() => _before.ForEach(variable => Environment.SetEnvironmentVariable(variable.Name, variable.Value));
    }
}
