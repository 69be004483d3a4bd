using Amazon.DynamoDBv2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The tables beside the configured ones in which the conformance kit tries the backend.</summary>
public sealed class ScratchTests
{
    [Fact]
    public async Task They_begin_with_the_configured_prefix_and_go_when_they_are_dropped()
    {
        await using var tables = await TestIndexes.NewAsync();
        await using var services = Services(tables);
        var place = await new DynamoDbBackend().CreateScratchAsync(services, "scratch_1", TestIndexes.Stop);
        var prefix = $"{tables.Options.Database}-scratch_1";
        place.Location.Should().Be($"{prefix}-* at {tables.Endpoint}");
        await using (var there = Services(tables, place.Settings))
        {
            var index = there.GetRequiredService<IRegistryIndex>();
            await index.InitializeAsync(TestIndexes.Stop);
            await index.UpsertAsync(new("team/app"), TestIndexes.Stop);
            (await TablesAsync(tables, prefix)).Should().BeEquivalentTo($"{prefix}-repository", $"{prefix}-version", $"{prefix}-search");
        }

        await place.DisposeAsync();
        (await TablesAsync(tables, prefix)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_table_that_is_there_already_is_refused_and_left_alone()
    {
        await using var tables = await TestIndexes.NewAsync();
        await using var services = Services(tables);
        var name = $"{tables.Options.Database}-scratch_1-version";
        await tables.CreateAsync(new(name, [new("version", KeyType.HASH)], [new("version", ScalarAttributeType.N)], new(5, 5)));
        await FluentActions.Awaiting(() => new DynamoDbBackend().CreateScratchAsync(services, "scratch_1", TestIndexes.Stop))
            .Should().ThrowAsync<RegistryIndexException>().WithMessage($"*'{name}' is there already at {tables.Endpoint} and may hold data*");
        (await TablesAsync(tables, name)).Should().ContainSingle();
        await tables.Client.DeleteTableAsync(name, TestIndexes.Stop);
    }

    private static async Task<List<string>> TablesAsync(TestIndexes tables, string prefix) =>
        [.. (await tables.Client.ListTablesAsync(new Amazon.DynamoDBv2.Model.ListTablesRequest { ExclusiveStartTableName = prefix[..^1] }, TestIndexes.Stop)).TableNames.Where(table => table.StartsWith(prefix, StringComparison.Ordinal))];

    // Names that nobody gave follow the prefix, and a name of a table's own would not.
    private static ServiceProvider Services(TestIndexes tables, IReadOnlyDictionary<string, string?>? scratch = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["extensions:dynamodb_index:database"] = tables.Options.Database,
                ["extensions:dynamodb_index:version_table"] = "a-name-of-its-own",
                ["extensions:dynamodb_index:endpoint"] = tables.Endpoint,
                ["extensions:dynamodb_index:access_key"] = "test",
                ["extensions:dynamodb_index:secret_access_key"] = "test",
            })
            .AddInMemoryCollection(scratch ?? new Dictionary<string, string?>())
            .Build();
        var services = new ServiceCollection();
        new DynamoDbBackend().AddServices(services, configuration);
        return services.BuildServiceProvider();
    }
}
