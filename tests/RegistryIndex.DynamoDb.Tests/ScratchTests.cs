using Amazon.DynamoDBv2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The tables beside the configured ones in which the conformance kit tests the provider.</summary>
public sealed class ScratchTests
{
    [Fact]
    public async Task Scratch_tables_have_the_configured_prefix_and_are_deleted_when_dropped()
    {
        await using var tables = await TestIndexes.NewAsync();
        await using var services = Services(tables);
        var place = await new DynamoDbProvider().CreateScratchAsync(services, "scratch_1", TestIndexes.Stop);
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
    public async Task An_existing_table_is_refused_and_not_changed()
    {
        await using var tables = await TestIndexes.NewAsync();
        await using var services = Services(tables);
        var name = $"{tables.Options.Database}-scratch_1-version";
        await tables.CreateAsync(new(name, [new("version", KeyType.HASH)], [new("version", ScalarAttributeType.N)], new(5, 5)));
        await FluentActions.Awaiting(() => new DynamoDbProvider().CreateScratchAsync(services, "scratch_1", TestIndexes.Stop))
            .Should().ThrowAsync<RegistryIndexException>().WithMessage($"*'{name}' already exists at {tables.Endpoint} and may contain data*");
        (await TablesAsync(tables, name)).Should().ContainSingle();
        await tables.Client.DeleteTableAsync(name, TestIndexes.Stop);
    }

    private static async Task<List<string>> TablesAsync(TestIndexes tables, string prefix) =>
        [.. (await tables.Client.ListTablesAsync(new Amazon.DynamoDBv2.Model.ListTablesRequest { ExclusiveStartTableName = prefix[..^1] }, TestIndexes.Stop)).TableNames.Where(table => table.StartsWith(prefix, StringComparison.Ordinal))];

    // Default table names follow the prefix. An explicit table name would not.
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
        new DynamoDbProvider().AddServices(services, configuration);
        return services.BuildServiceProvider();
    }
}
