using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RegistryIndex.Sources;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Storage.Tests;

public sealed class AddRegistryStorageTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("local")]
    [InlineData("file")]
    public async Task A_directory_needs_only_its_path(string? kind)
    {
        await using var services = Services(("storage", kind), ("storage_path", SampleRegistry.Path));
        var storage = services.GetRequiredService<IRegistryStorage>();
        storage.Location.Should().Be(SampleRegistry.Path);
        (await storage.ReadAllAsync()).Should().NotBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Without_a_path_reading_is_an_error_that_says_what_to_set(string? path)
    {
        await using var services = Services(("storage", "local"), ("storage_path", path));
        services.GetRequiredService<IOptions<StorageOptions>>().Value.IsConfigured.Should().BeFalse();
        var reading = async () => await services.GetRequiredService<IRegistryStorage>().ReadAllAsync();
        (await reading.Should().ThrowAsync<StorageException>()).WithMessage("No storage is configured: set storage_path to the directory that contains*");
    }

    [Fact]
    public async Task An_unsupported_storage_is_an_error_that_lists_the_supported_ones()
    {
        await using var services = Services(("storage", "gcs"), ("storage_path", "prefix"));
        var resolving = services.GetRequiredService<IRegistryStorage>;
        resolving.Should().Throw<OptionsValidationException>().WithMessage("storage is 'gcs', which is not supported: set it to 'local' or 'file'*or to 's3'*");
    }

    [Fact]
    public async Task The_directory_of_distributions_configuration_is_used_if_nothing_else_is_set()
    {
        const string Block = "storage:filesystem:rootdirectory";
        await using var services = Services((Block, SampleRegistry.Path), ("storage:delete:enabled", "true"), ("storage:cache:blobdescriptor", "inmemory"));
        services.GetRequiredService<IRegistryStorage>().Location.Should().Be(SampleRegistry.Path);
        await using var other = Services((Block, "/nowhere"), ("storage_path", SampleRegistry.Path));
        other.GetRequiredService<IRegistryStorage>().Location.Should().Be(SampleRegistry.Path);
        await using var nothing = Services(("storage:delete:enabled", "true"));
        nothing.GetRequiredService<IOptions<StorageOptions>>().Value.IsConfigured.Should().BeFalse();
    }

    [Theory]
    [InlineData("storage:gcs:bucket", "gcs")]
    [InlineData("storage:azure:container", "azure")]
    [InlineData("storage:inmemory", "inmemory")]
    public async Task An_unsupported_driver_is_an_error_that_lists_the_supported_ones(string key, string driver)
    {
        await using var services = Services((key, ""), ("storage:delete:enabled", "true"));
        var resolving = services.GetRequiredService<IRegistryStorage>;
        resolving.Should().Throw<OptionsValidationException>().WithMessage($"storage is '{driver}', which is not supported: *");
    }

    [Fact]
    public async Task An_impossible_path_is_an_error()
    {
        await using var services = Services(("storage_path", "a\0b"));
        var resolving = services.GetRequiredService<IRegistryStorage>;
        resolving.Should().Throw<OptionsValidationException>().WithMessage("storage_path*");
    }

    [Theory]
    [InlineData("of the first", "com.example.about;description")]
    [InlineData("of the first", " ; com.example.about ;")]
    [InlineData("of the second", "description;com.example.about")]
    [InlineData("of the second", "", "description", "com.example.about")] // a list
    [InlineData("by default", "")]
    [InlineData(null, "summary")]
    public async Task Descriptions_are_read_under_the_configured_names_in_their_order(string? description, string keys, params string[] list)
    {
        using var tree = new DistributionTree();
        tree.Tag("web", "latest", tree.Blob($$"""{"annotations":{"com.example.about":"of the first","description":"of the second","{{DistributionTree.Key}}":"by default"} }"""));
        await using var services = Services([("storage_path", tree.Path), ("description_keys", keys), .. list.Select((key, i) => ($"description_keys:{i}", (string?)key))]);
        (await services.GetRequiredService<IRegistryStorage>().ReadAllAsync()).Should().ContainSingle().Which.Repository.WithoutFacts().Should().Be(new Repository("web", description));
    }

    [Fact]
    public async Task Too_many_names_are_an_error()
    {
        foreach (var keys in (string[])[string.Join(';', Enumerable.Range(0, 21)), new string('x', 257)])
        {
            await using var services = Services(("storage_path", SampleRegistry.Path), ("description_keys", keys));
            var resolving = services.GetRequiredService<IRegistryStorage>;
            resolving.Should().Throw<OptionsValidationException>().WithMessage("description_keys has *: set it to *");
        }
    }

    private static ServiceProvider Services(params (string Key, string? Value)[] settings) => new ServiceCollection()
        .AddRegistryStorage(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build())
        .BuildServiceProvider();
}
