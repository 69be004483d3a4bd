using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.EfCore.Tests;

/// <summary>How many concurrent searches a host allows.</summary>
public sealed class SearchCapacityTests
{
    [Fact]
    public async Task SQLite_answers_one_search_for_each_processor_and_blocks_threads()
    {
        await using var services = Services("sqlite://");
        var capacity = services.GetRequiredService<ISearchCapacity>();
        capacity.SearchesAtOnce.Should().Be(Environment.ProcessorCount);
        capacity.HoldsThreads.Should().BeTrue();
    }

    [Theory]
    [InlineData("postgresql://me:secret@db/index")]
    [InlineData("mssql+pymssql://me:secret@db/index")]
    public async Task A_server_answers_at_most_eight_searches_for_each_processor_and_blocks_no_threads(string database)
    {
        await using var services = Services(database);
        var capacity = services.GetRequiredService<ISearchCapacity>();
        capacity.SearchesAtOnce.Should().Be(Math.Min(75, 8 * Environment.ProcessorCount));
        capacity.HoldsThreads.Should().BeFalse();
    }

    [Theory]
    [InlineData("Host=db;Database=index;Maximum Pool Size=4000", 3_000)]
    [InlineData("Host=db;Database=index;Maximum Pool Size=20", 15)]
    [InlineData("Host=db;Database=index;Maximum Pool Size=1", 1)]
    [InlineData("Server=db;Database=index;Max Pool Size=8", 6)]
    public async Task With_a_pool_of_its_own_size_a_server_answers_searches_on_three_quarters_of_the_connections(string database, int searches)
    {
        await using var services = Services(database);
        services.GetRequiredService<ISearchCapacity>().SearchesAtOnce.Should().Be(searches);
    }

    private static ServiceProvider Services(string database) => new ServiceCollection().AddLogging()
        .AddRegistryIndex(new ConfigurationBuilder().AddInMemoryCollection([new("sqlalchemy_index_database", database)]).Build()).BuildServiceProvider();
}
