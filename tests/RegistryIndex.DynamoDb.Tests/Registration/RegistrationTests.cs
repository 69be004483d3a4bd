using Amazon.DynamoDBv2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RegistryIndex.EfCore;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.DynamoDb.Tests.Registration;

/// <summary>How a .NET application adds indexes to its container.</summary>
public sealed class RegistrationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Two_SQLite_files_are_two_indexes()
    {
        await using var services = new ServiceCollection()
            .AddKeyedEfCoreRegistryIndex("one", options => options.UseSqlite(Url("one")))
            .AddKeyedEfCoreRegistryIndex("two", options => options.UseSqlite(Url("two"))).BuildServiceProvider();
        await AssertApartAsync(services.GetRequiredKeyedService<IRegistryIndex>("one"), services.GetRequiredKeyedService<IRegistryIndex>("two"));
        services.GetRequiredKeyedService<IRegistryIndexSource>("two").Location.Should().EndWith("two.db");
    }

    [Fact]
    public async Task SQLite_and_DynamoDB_can_be_registered_in_one_container()
    {
        await using var tables = await TestIndexes.NewAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["local:sqlalchemy_index_database"] = Url("local"),
            ["cloud:search_backend"] = "dynamodb",
            ["cloud:extensions:dynamodb_index:database"] = tables.Options.Database,
            ["cloud:extensions:dynamodb_index:endpoint"] = tables.Endpoint,
            ["cloud:extensions:dynamodb_index:access_key"] = "test",
            ["cloud:extensions:dynamodb_index:secret_access_key"] = "test",
        }).Build();
        await using var services = new ServiceCollection()
            .AddKeyedRegistryIndex("local", configuration.GetSection("local"))
            .AddKeyedRegistryIndex("cloud", configuration.GetSection("cloud")).BuildServiceProvider();
        var (local, cloud) = (services.GetRequiredKeyedService<IRegistryIndex>("local"), services.GetRequiredKeyedService<IRegistryIndex>("cloud"));
        (local.Provider, cloud.Provider).Should().Be(("efcore", "dynamodb"));
        await AssertApartAsync(local, cloud);
        services.GetKeyedService<DynamoDbMaintenance>("cloud").Should().NotBeNull();
        services.GetService<IRegistryIndex>().Should().BeNull();
    }

    [Fact]
    public void A_second_index_without_a_key_or_with_the_same_key_is_an_error_with_a_remedy()
    {
        var services = new ServiceCollection().AddEfCoreRegistryIndex(options => options.UseSqlite("sqlite://")).AddKeyedEfCoreRegistryIndex("k", options => options.UseSqlite("sqlite://"));
        services.Invoking(s => s.AddDynamoDbRegistryIndex(_ => { })).Should().Throw<InvalidOperationException>().WithMessage("*already has*without a key*AddKeyedRegistryIndex*");
        services.Invoking(s => s.AddRegistryIndex(new ConfigurationBuilder().Build())).Should().Throw<InvalidOperationException>().WithMessage("*already has*without a key*");
        services.Invoking(s => s.AddKeyedDynamoDbRegistryIndex("k", _ => { })).Should().Throw<InvalidOperationException>().WithMessage("*already has*key 'k'*");
    }

    [Fact]
    public async Task Defaults_that_depend_on_other_options_are_set_after_the_code_of_the_application()
    {
        var services = new ServiceCollection().AddRegistryIndex(new ConfigurationBuilder().AddInMemoryCollection([new("search_backend", "dynamodb")]).Build());
        services.Configure<DynamoDbIndexOptions>(options => options.Database = "mine");
        await using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<DynamoDbIndexOptions>>().Value;
        (options.RepositoryTable, options.VersionTable, options.SearchTable).Should().Be(("mine-repository", "mine-version", "mine-search"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_applications_client_determines_the_location_and_the_internal_client_is_not_registered(bool isBefore)
    {
        using var own = new AmazonDynamoDBClient("key", "secret", new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:9", MaxErrorRetry = 0 });
        var services = new ServiceCollection();
        if (isBefore)
            services.AddSingleton<IAmazonDynamoDB>(own);
        services.AddDynamoDbRegistryIndex(options => (options.Region, options.Endpoint) = ("nowhere", "nothing"));
        if (!isBefore)
            services.AddSingleton<IAmazonDynamoDB>(own);
        await using (var provider = services.BuildServiceProvider())
        {
            provider.GetRequiredService<IRegistryIndexSource>().Location.Should().Be("docker-registry-repository at http://127.0.0.1:9");
        }

        await using var without = new ServiceCollection().AddDynamoDbRegistryIndex(options => options.Endpoint = "http://127.0.0.1:10").BuildServiceProvider();
        without.GetRequiredService<IRegistryIndexSource>().Location.Should().EndWith("at http://127.0.0.1:10");
        without.GetService<IAmazonDynamoDB>().Should().BeNull();
    }

    [Fact]
    public async Task Every_index_is_initialized_before_hosted_services_start_and_its_health_is_checked()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddHostedService<Reader>();
        builder.Services.AddEfCoreRegistryIndex(options => options.UseSqlite(Url("one"))).AddKeyedEfCoreRegistryIndex("two", options => options.UseSqlite(Url("two")));
        builder.Services.AddRegistryIndexInitialization().AddHealthChecks().AddRegistryIndex().AddRegistryIndex("two");
        using var host = builder.Build();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        (await health.CheckHealthAsync(TestIndexes.Stop)).Status.Should().Be(HealthStatus.Unhealthy, "the index is not initialized yet");

        await host.StartAsync(TestIndexes.Stop);
        var report = await health.CheckHealthAsync(TestIndexes.Stop);
        report.Entries.Should().HaveCount(2).And.ContainKeys("registryindex", "registryindex-two");
        report.Status.Should().Be(HealthStatus.Healthy);
        await host.StopAsync(TestIndexes.Stop);
    }

    [Fact]
    public async Task Wrong_options_of_either_provider_prevent_the_start_of_the_host()
    {
        foreach (var add in new Action<IServiceCollection>[]
        {
            services => services.AddKeyedEfCoreRegistryIndex("k", options => options.UseSqlite().SearchMemory = -1),
            services => services.AddKeyedDynamoDbRegistryIndex("k", options => options.RequestTimeout = 0),
            services => services.AddEfCoreRegistryIndex(options => options.Database = "postgresql://host/registry"),
        })
        {
            var builder = Host.CreateApplicationBuilder();
            add(builder.Services);
            using var host = builder.Build();
            await host.Awaiting(h => h.StartAsync(TestIndexes.Stop)).Should().ThrowAsync<OptionsValidationException>();
        }
    }

    public void Dispose() => _directory.Dispose();

    private string Url(string name) => $"sqlite:///{_directory.Path}/{name}.db";

    private static async Task AssertApartAsync(IRegistryIndex one, IRegistryIndex two)
    {
        await one.InitializeAsync(TestIndexes.Stop);
        await two.InitializeAsync(TestIndexes.Stop);
        await one.UpsertAsync(new("team/one"), TestIndexes.Stop);
        await two.UpsertAsync(new("team/two"), TestIndexes.Stop);
        (await one.ListAsync(cancellationToken: TestIndexes.Stop).Select(repository => repository.Name).ToListAsync(TestIndexes.Stop)).Should().Equal("team/one");
        (await two.ListAsync(cancellationToken: TestIndexes.Stop).Select(repository => repository.Name).ToListAsync(TestIndexes.Stop)).Should().Equal("team/two");
    }

    private sealed class Reader(IRegistryIndex index) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => index.GetAsync("team/one", cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
