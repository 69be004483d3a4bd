using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.EfCore.Tests;

/// <summary>The schema beside the configured one where the conformance kit tries the backend on PostgreSQL.</summary>
public sealed class PostgreSqlScratchTests : IAsyncLifetime
{
    private const string Name = "registry_index_scratch_1";
    private const string Schemas = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'registry%'";
    private PostgreSqlDatabaseOfTest _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await PostgreSqlDatabaseOfTest.NewAsync();

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task It_is_a_schema_that_goes_with_all_that_is_in_it_but_the_extension_that_others_may_use()
    {
        await using var services = Services(_database.Url);
        var place = await new EfCoreBackend().CreateScratchAsync(services, Name, Cancellation);
        place.Location.Should().EndWith($"/{_database.Name}, schema {Name}").And.NotContain("s3cret");
        place.WhyNotShared.Should().BeNull();
        await using (var there = Services(place.Settings["sqlalchemy_index_database"]!))
        {
            var index = there.GetRequiredService<IRegistryIndex>();
            await index.InitializeAsync(Cancellation);
            await index.UpsertAsync(new("team/app", "a text"), Cancellation);
            (await index.SearchAsync(new("text"), Cancellation)).Repositories.Should().ContainSingle();
        }

        var configured = await _database.OpenAsync();
        await configured.UpsertAsync(new("team/web", "a text"), Cancellation);
        await place.DisposeAsync();
        await place.DisposeAsync();
        (await _database.ReadAsync(Schemas)).Should().BeEmpty();
        (await configured.SearchAsync(new("text"), Cancellation)).Repositories.Select(r => r.Name).Should().Equal("team/web");
        (await _database.ReadAsync("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%trigram%' ORDER BY 1")).Should().Equal("registry_index_trigram_description", "registry_index_trigram_name");
    }

    [Fact]
    public async Task A_schema_that_is_there_already_is_refused_and_left_alone()
    {
        await _database.ExecuteAsync($"CREATE SCHEMA {Name}");
        await using var services = Services(_database.Url);
        var creating = () => new EfCoreBackend().CreateScratchAsync(services, Name, Cancellation);
        await creating.Should().ThrowAsync<RegistryIndexException>().WithMessage($"*schema \"{Name}\" already exists*");
        (await _database.ReadAsync(Schemas)).Should().Equal(Name);
    }

    private static ServiceProvider Services(string url)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("sqlalchemy_index_database", url)]).Build();
        var services = new ServiceCollection().AddLogging();
        new EfCoreBackend().AddServices(services, configuration);
        return services.BuildServiceProvider();
    }
}
