using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RegistryIndex.Testing;

namespace RegistryIndex.EfCore.Tests;

/// <summary>A program's own DbContextOptionsBuilder in place of a URL.</summary>
public sealed class UseDatabaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_data_source_of_the_application_is_used_instead_of_the_setting()
    {
        await using var database = await PostgreSqlTestDatabase.NewAsync();
        await using var dataSource = NpgsqlDataSource.Create(DatabaseUrl.Parse(database.Url, EveryEngine.All).ConnectionString);
        var configuration = Configuration();
        var services = new ServiceCollection().AddLogging();
        services.AddRegistryIndex(configuration);
        services.Configure<EfCoreIndexOptions>(options => options.UseDatabase = builder => builder.UseNpgsql(dataSource));
        await using var provider = services.BuildServiceProvider();
        var index = provider.GetRequiredService<IRegistryIndex>();
        await index.InitializeAsync(Cancellation);
        await index.UpsertAsync(new("team/app", "a text"), Cancellation);
        (await index.SearchAsync(new("text"), Cancellation)).Repositories.Should().ContainSingle();
        (await index.GetStatusAsync(Cancellation)).Location.Should().Be("postgresql://" + database.Url.Split('@')[^1]);
        (await database.ReadAsync("SELECT name FROM repository")).Should().Equal("team/app");
        Checkout.Snippet("docs/databases.md", "csharp").Split('\n').Should()
            .BeSubsetOf(File.ReadLines(Checkout.PathOf("tests", "RegistryIndex.EfCore.Tests", "UseDatabaseTests.cs")).Select(line => line.Trim()), "the document shows these lines");
    }

    [Fact]
    public void An_unusable_provider_is_refused_in_one_sentence()
    {
        Fails(_ => { }, "*does not configure a relational database: call UseNpgsql, UseSqlServer or UseSqlite in it.");
        Fails(builder => builder.UseNpgsql("Host=db", options => options.EnableRetryOnFailure()), "*remove EnableRetryOnFailure, because the index retries.");

        static void Fails(Action<DbContextOptionsBuilder> use, string sentence)
        {
            using var services = Services(use);
            var opening = services.GetRequiredService<IRegistryIndex>;
            opening.Should().Throw<InvalidOperationException>().WithMessage(sentence);
        }
    }

    private static IConfiguration Configuration() => new ConfigurationBuilder().AddInMemoryCollection([new("sqlalchemy_index_database", "mysql://not/looked/at")]).Build();

    private static ServiceProvider Services(Action<DbContextOptionsBuilder> use)
    {
        var services = new ServiceCollection().AddLogging().AddRegistryIndex(Configuration());
        return services.Configure<EfCoreIndexOptions>(options => options.UseDatabase = use).BuildServiceProvider();
    }
}
