using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.EfCore.Tests;

/// <summary>The database beside the configured one in which the conformance kit tests the provider on PostgreSQL.</summary>
public sealed class PostgreSqlScratchTests : IAsyncLifetime
{
    private const string Name = "registry_index_scratch_of_ef_core";
    private const string Databases = $"SELECT count(*) FROM pg_database WHERE datname = '{Name}'";
    private PostgreSqlTestDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await PostgreSqlTestDatabase.NewAsync();

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_scratch_index_is_a_database_on_the_same_server_and_is_dropped_with_its_content()
    {
        await using var services = Services(_database.Url);
        var place = await new EfCoreProvider().CreateScratchAsync(services, Name, Cancellation);
        place.Location.Should().Contain(Name).And.Contain(_database.Name).And.NotContain("s3cret");
        place.WhyNotShared.Should().BeNull();
        await using (var there = Services(place.Settings["sqlalchemy_index_database"]!))
        {
            var index = there.GetRequiredService<IRegistryIndex>();
            await index.InitializeAsync(Cancellation);
            await index.UpsertAsync(new("team/app", "a text"), Cancellation);
            (await index.SearchAsync(new("text"), Cancellation)).Repositories.Should().ContainSingle();
        }

        (await _database.ReadAsync(Databases)).Should().Equal("1");
        await FluentActions.Awaiting(() => new EfCoreProvider().CreateScratchAsync(services, Name, Cancellation))
            .Should().ThrowAsync<RegistryIndexException>().WithMessage($"*database \"{Name}\" already exists*");
        await place.DisposeAsync();
        await place.DisposeAsync();
        (await _database.ReadAsync(Databases)).Should().Equal("0");
        (await _database.ReadAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).Should().Equal("0");
    }

    private static ServiceProvider Services(string url)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("sqlalchemy_index_database", url)]).Build();
        var services = new ServiceCollection().AddLogging();
        new EfCoreProvider().AddServices(services, configuration);
        return services.BuildServiceProvider();
    }
}
