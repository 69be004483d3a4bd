using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Testing;

namespace RegistryIndex.EfCore.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public async Task The_snippet_of_the_readme_equals_this_one_and_works()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("sqlalchemy_index_database", "sqlite://")]).Build();
        using var written = new StringWriter();
        var console = new Writer(written);

        // snippet
        var services = new ServiceCollection().AddLogging().AddRegistryIndex(configuration);
        await using var provider = services.BuildServiceProvider();
        var index = provider.GetRequiredService<IRegistryIndex>();
        await index.InitializeAsync(cancellationToken);

        await index.UpsertAsync(new Repository("team/shop/web", "The shop's front end"), cancellationToken);
        SearchPage page = await index.SearchAsync(new SearchRequest("shop"), cancellationToken);
        foreach (var repository in page.Repositories)
            console.WriteLine(repository.Name);
        // end

        written.ToString().Trim().Should().Be("team/shop/web");
        Checkout.Snippet("README.md", "csharp").Should().Be(Here());
    }

    [Fact]
    public async Task The_snippet_of_the_SQLite_package_equals_this_one_and_works()
    {
        // typed
        var services = new ServiceCollection()
            .AddEfCoreRegistryIndex(options => options.UseSqlite("sqlite:///index.db"))
            .AddKeyedEfCoreRegistryIndex("archive", options => options.UseSqlite("sqlite:///archive.db"))
            .AddRegistryIndexInitialization();
        services.AddHealthChecks().AddRegistryIndex().AddRegistryIndex("archive");
        // end

        await using var provider = services.AddLogging().BuildServiceProvider();
        provider.GetRequiredService<IRegistryIndexSource>().Location.Should().EndWith("index.db");
        provider.GetRequiredKeyedService<IRegistryIndexSource>("archive").Location.Should().EndWith("archive.db");
        Checkout.Snippet("src/RegistryIndex.EfCore.Sqlite/README.md", "csharp").Should().Be(Here("typed"));
    }

    private static string Here(string begin = "snippet") =>
        Checkout.LinesOf("tests/RegistryIndex.EfCore.Tests/ReadmeTests.cs", begin).Replace("console.WriteLine", "Console.WriteLine", StringComparison.Ordinal);

    private sealed class Writer(StringWriter to)
    {
        public void WriteLine(string line) => to.WriteLine(line);
    }
}
