using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Conformance;
using RegistryIndex.Migration;
using RegistryIndex.Sources;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Synchronization.Tests;

/// <summary>An application that embeds the libraries, with the code of their READMEs.</summary>
public sealed class EmbeddingTests : IDisposable
{
    private readonly StringWriter _written = new();
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken cancellationToken => TestContext.Current.CancellationToken;

    private StringWriter Out => _written;

    public void Dispose()
    {
        _written.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task The_snippet_that_reads_a_storage_works()
    {
        var configuration = Configured();
        var services = new ServiceCollection();

        // snippet of RegistryIndex.Storage
        services.AddRegistryStorage(configuration); // storage_path, or storage: s3 and s3_bucket
        await using var provider = services.BuildServiceProvider();
        var storage = provider.GetRequiredService<IRegistryStorage>();
        await foreach (var stored in storage.ReadAsync(cancellationToken: cancellationToken))
            Out.WriteLine($"{stored.Repository.Name}: {stored.Repository.Description}");
        // end

        _written.ToString().Should().Contain("alpine: A very small Linux");
        AssertShown("RegistryIndex.Storage");
    }

    [Fact]
    public async Task The_snippet_that_reads_a_registry_works()
    {
        await using var registry = await DockerRegistry.StartAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("registry", $"http://{registry.Address}")]).Build();
        var services = new ServiceCollection();

        // snippet of RegistryIndex.Registry
        services.AddRegistryClient(configuration); // registry, registry_username, registry_password_file, …
        await using var provider = services.BuildServiceProvider();
        var registryApi = provider.GetRequiredService<IRegistryApi>();
        await foreach (var stored in registryApi.ReadAsync(cancellationToken: cancellationToken))
            Out.WriteLine($"{stored.Repository.Name}: {stored.Repository.Description}");
        // end

        _written.ToString().Should().BeEmpty("the registry is empty");
        AssertShown("RegistryIndex.Registry", ("registryApi", "registry"));
    }

    [Fact]
    public async Task The_snippet_that_loads_an_index_works()
    {
        var configuration = Configured();
        var services = new ServiceCollection().AddLogging();

        // snippet of RegistryIndex.Synchronization
        services.AddRegistryIndex(configuration).AddRegistryStorage(configuration).AddRegistrySynchronization(configuration);
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IRegistryIndex>().InitializeAsync(cancellationToken);
        LoadProgress loaded = await provider.GetRequiredService<IRegistryLoader>().LoadAsync(cancellationToken: cancellationToken);
        Out.WriteLine($"{loaded.Result.Added} repositories");
        // end

        _written.ToString().Should().MatchRegex(@"^\d\d repositories");
        AssertShown("RegistryIndex.Synchronization");
    }

    [Fact]
    public async Task The_snippet_that_moves_and_compares_an_index_works()
    {
        var (from, to) = (new ReferenceIndex(), new ReferenceIndex());
        await from.UpsertAsync(new("team/app", "An app"), cancellationToken);

        // snippet of RegistryIndex.Migration
        var source = new MigrationEndpoint(from, "the old index");
        var mark = await MigrationMark.TakeAsync(to, source.Location, TimeProvider.System, cancellationToken);
        await new IndexMigration(source, to, mark).RunAsync(delete: false, cancellationToken);
        await foreach (var difference in new IndexComparison(from, to, TimeProvider.System).FindAsync(cancellationToken))
            Out.WriteLine(difference.ToJson());
        // end

        _written.ToString().Should().BeEmpty("the two indexes are equal");
        (await to.GetAsync("team/app", cancellationToken)).Should().Be(new Repository("team/app", "An app"));
        AssertShown("RegistryIndex.Migration");
    }

    private IConfiguration Configured() => new ConfigurationBuilder()
        .AddInMemoryCollection([new("storage_path", Checkout.PathOf("samples", "registry")), new("sqlalchemy_index_database", $"sqlite:///{_directory.Path}/index.db")]).Build();

    private static void AssertShown(string project, params (string Here, string There)[] names)
    {
        var snippet = Checkout.LinesOf("tests/RegistryIndex.Synchronization.Tests/EmbeddingTests.cs", $"snippet of {project}").Replace("Out.WriteLine", "Console.WriteLine", StringComparison.Ordinal);
        foreach (var (here, there) in names)
            snippet = snippet.Replace(here, there, StringComparison.Ordinal);
        Checkout.Snippet($"src/{project}/README.md", "csharp").Should().Be(snippet);
    }
}
