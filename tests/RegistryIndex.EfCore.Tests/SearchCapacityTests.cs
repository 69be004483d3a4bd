using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.EfCore.Tests;

/// <summary>How many searches a host lets in at the same time.</summary>
public sealed class SearchCapacityTests
{
    [Fact]
    public async Task SQLite_answers_as_many_as_there_are_processors_and_holds_their_threads()
    {
        await using var services = Services("sqlite://");
        var capacity = services.GetRequiredService<ISearchCapacity>();
        capacity.SearchesAtOnce.Should().Be(Environment.ProcessorCount);
        capacity.HoldsThreads.Should().BeTrue();
    }

    [Theory]
    [InlineData("postgresql://me:secret@db/index", 75)]
    [InlineData("Host=db;Database=index;Maximum Pool Size=20", 15)]
    [InlineData("Host=db;Database=index;Maximum Pool Size=1", 1)]
    [InlineData("mssql+pymssql://me:secret@db/index", 75)]
    [InlineData("Server=db;Database=index;Max Pool Size=8", 6)]
    public async Task A_server_answers_three_quarters_of_the_connections_that_there_are_and_holds_no_thread(string database, int searches)
    {
        await using var services = Services(database);
        var capacity = services.GetRequiredService<ISearchCapacity>();
        capacity.SearchesAtOnce.Should().Be(searches);
        capacity.HoldsThreads.Should().BeFalse();
    }

    private static ServiceProvider Services(string database) => new ServiceCollection().AddLogging()
        .AddRegistryIndex(new ConfigurationBuilder().AddInMemoryCollection([new("sqlalchemy_index_database", database)]).Build()).BuildServiceProvider();
}
