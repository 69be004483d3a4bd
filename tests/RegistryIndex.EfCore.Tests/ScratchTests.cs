using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.EfCore.Tests;

/// <summary>The place beside the configured database in which the conformance kit tests the provider.</summary>
public sealed class ScratchTests : IAsyncLifetime
{
    private const string Name = "registry_index_scratch_1";
    private readonly SqliteTestFile _file = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private string Beside => Path.Combine(Path.GetDirectoryName(_file.Path)!, Name + ".db");

    [Fact]
    public async Task A_scratch_index_is_a_file_beside_the_configured_one_and_is_deleted_with_its_companions()
    {
        await using var services = Services(_file.Url);
        var place = await new EfCoreProvider().CreateScratchAsync(services, Name, _cancellation);
        place.Location.Should().Be(Beside);
        place.WhyNotShared.Should().BeNull();
        await using (var there = Services(place.Settings["sqlalchemy_index_database"]!))
        {
            var index = there.GetRequiredService<IRegistryIndex>();
            await index.InitializeAsync(_cancellation);
            await index.UpsertAsync(new("team/app"), _cancellation);
            File.Exists(Beside + "-wal").Should().BeTrue();
        }

        await place.DisposeAsync();
        await place.DisposeAsync();
        Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_file.Path)!).Should().BeEmpty();
    }

    [Fact]
    public async Task Directories_created_for_a_scratch_index_are_deleted_with_it()
    {
        var directory = Path.GetDirectoryName(_file.Path)!;
        await using var services = Services($"sqlite:///{directory}/not/yet/index.db");
        var place = await new EfCoreProvider().CreateScratchAsync(services, Name, _cancellation);
        File.Exists(Path.Combine(directory, "not/yet", Name + ".db")).Should().BeTrue();
        await place.DisposeAsync();
        Directory.EnumerateFileSystemEntries(directory).Should().BeEmpty();
    }

    [Fact]
    public async Task An_existing_file_is_refused_and_not_changed()
    {
        await File.WriteAllTextAsync(Beside, "somebody's", _cancellation);
        await using var services = Services(_file.Url);
        await FluentActions.Awaiting(() => new EfCoreProvider().CreateScratchAsync(services, Name, _cancellation))
            .Should().ThrowAsync<RegistryIndexException>().WithMessage($"*{Beside} already exists and may contain data*");
        (await File.ReadAllTextAsync(Beside, _cancellation)).Should().Be("somebody's");
    }

    [Fact]
    public async Task On_a_server_a_scratch_index_is_a_new_database_and_an_existing_one_is_not_changed()
    {
        await using var database = await PostgreSqlTestDatabase.NewAsync();
        await using var services = Services(database.Url);
        var name = database.Name + "_1";
        var place = await new EfCoreProvider().CreateScratchAsync(services, name, _cancellation);
        place.Location.Should().Contain(name).And.NotContain("assword");
        await using (var there = Services(place.Settings["sqlalchemy_index_database"]!))
        {
            var index = there.GetRequiredService<IRegistryIndex>();
            await index.InitializeAsync(_cancellation);
            await index.UpsertAsync(new("team/app"), _cancellation);
            (await database.AdministerAsync($"SELECT count(*) FROM pg_database WHERE datname = '{name}'")).Should().Be(1L);
            await FluentActions.Awaiting(() => new EfCoreProvider().CreateScratchAsync(services, name, _cancellation))
                .Should().ThrowAsync<RegistryIndexException>().WithMessage($"*\"{name}\" already exists*");
            (await index.GetAsync("team/app", _cancellation)).Should().NotBeNull();
        }

        await place.DisposeAsync();
        (await database.AdministerAsync($"SELECT count(*) FROM pg_database WHERE datname = '{name}'")).Should().Be(0L);
    }

    private static ServiceProvider Services(string url)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("sqlalchemy_index_database", url)]).Build();
        var services = new ServiceCollection().AddLogging();
        new EfCoreProvider().AddServices(services, configuration);
        return services.BuildServiceProvider();
    }
}
