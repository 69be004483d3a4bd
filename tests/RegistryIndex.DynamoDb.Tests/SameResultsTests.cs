using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Conformance;
using RegistryIndex.DynamoDb.Searching;
using RegistryIndex.DynamoDb.Tests.Facts;
using RegistryIndex.Testing;
using RegistryIndex.Testing.PostgreSql;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The results of the index are those of a brute-force implementation of the contract.</summary>
public sealed class SameResultsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_histories_have_the_pages_of_the_reference(int seed)
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var reference = new ReferenceIndex();
        var texts = new RandomTexts(seed);
        for (var step = 0; step < (SlowTests.IsWanted ? 220 : 120); step++)
        {
            var repository = texts.Repository();
            if (texts.Random.Next(4) == 0)
            {
                (await index.DeleteAsync(repository.Name, TestIndexes.Stop)).Should().Be(await reference.DeleteAsync(repository.Name, TestIndexes.Stop));
                continue;
            }

            (await index.UpsertAsync(repository, TestIndexes.Stop)).Should().Be(await reference.UpsertAsync(repository, TestIndexes.Stop));
            (await index.GetAsync(repository.Name, TestIndexes.Stop)).Should().Be(repository);
        }

        await IndexAssertions.EverythingAsync(reference, texts, queries: SlowTests.IsWanted ? 500 : 150, index);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task Pages_shortened_by_a_small_budget_have_the_same_results_together()
    {
        await using var tables = await TestIndexes.NewAsync();
        var reference = new ReferenceIndex();
        var texts = new RandomTexts(6);
        var stream = Enumerable.Range(0, SlowTests.IsWanted ? 150 : 60).Select(number => new Repository($"{texts.Name()}/{number}", $"{texts.Description()} {texts.Description()}")).ToList();
        await (await tables.OpenAsync()).ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        await reference.ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        foreach (var effort in new SearchEffort[] { new(Units: 2, Few: 1, Many: 2), new(Units: 4, Few: 2, Many: 3), new(Units: 8, Few: 3, Many: 50), new(Units: 30, Few: 40, Many: 100) })
        {
            var index = tables.New(effort: effort);
            await index.InitializeAsync(TestIndexes.Stop);
            var shortPages = 0;
            foreach (var query in new[] { "a b", "ab web", "a aa", "web a b", "ab ba 数", "0 a", "/ a", "aab ab", "😀 a", "a%b ab", "web zzz", "数 ab", "ab \\", "1 2" })
            {
                (await Expectations.AllOfAsync(index, query)).Should().Equal(await Expectations.AllOfAsync(reference, query), $"of '{query}' with {effort}");
                var page = await index.SearchAsync(new SearchRequest(query, 100), TestIndexes.Stop);
                shortPages += page.Continuation is not null && page.Repositories.Count < 100 ? 1 : 0;
            }

            if (effort.Units < 5)
                shortPages.Should().BePositive();
        }
    }

    [Fact]
    public async Task Thousands_of_repositories_have_the_pages_of_SQLite_PostgreSQL_and_the_reference()
    {
        await using var tables = await TestIndexes.NewAsync();
        if (PostgreSqlServer.IsRequired && PostgreSqlServer.WhyNot is { } whyNot)
            Assert.Fail(whyNot);
        await using var sqlite = Relational("sqlite://");
        await using var postgreSql = Relational(PostgreSqlServer.WhyNot is null ? (await PostgreSqlServer.GetAsync()).UrlOf("postgres") : "sqlite://");
        var reference = new ReferenceIndex();
        IRegistryIndex[] indexes = [await tables.OpenAsync(), sqlite.GetRequiredService<IRegistryIndex>(), postgreSql.GetRequiredService<IRegistryIndex>()];
        foreach (var index in indexes)
            await index.InitializeAsync(TestIndexes.Stop);
        var texts = new RandomTexts(5);
        var count = SlowTests.IsWanted ? 10_000 : 2_000;
        // Most have a short description or none, because a posting is written for each of its characters.
        var stream = Enumerable.Range(0, count).Select(number => new Repository($"{texts.Name()}/{number}", texts.Random.Next(30) switch
        {
            0 => texts.Description(),
            < 10 => RepositoryDescription.FromIngest(texts.Description()?[..1]),
            _ => null,
        }, Facts())).ToList();
        foreach (var one in indexes.Append(reference))
            (await one.ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop)).Should().Be(new ImportResult { Added = count });

        for (var step = 0; step < (SlowTests.IsWanted ? 400 : 150); step++)
        {
            var name = texts.Random.Next(3) == 0 ? texts.Name() : stream[texts.Random.Next(stream.Count)].Name;
            var repository = new Repository(name, texts.Description(), Facts());
            if (texts.Random.Next(3) == 0)
                await SameAsync(one => one.DeleteAsync(name, TestIndexes.Stop));
            else
                await SameAsync(one => one.UpsertAsync(repository, TestIndexes.Stop));
        }

        await IndexAssertions.EverythingAsync(reference, texts, queries: SlowTests.IsWanted ? 1_500 : 400, indexes);
        foreach (var limit in new[] { 7, 100 })
        {
            var pushed = await Expectations.AllOfAsync(reference, "", limit, SearchOrder.Pushed);
            pushed.Should().HaveCount(await reference.ListAsync(cancellationToken: TestIndexes.Stop).CountAsync(TestIndexes.Stop));
            foreach (var index in indexes)
                (await Expectations.AllOfAsync(index, "", limit, SearchOrder.Pushed)).Should().Equal(pushed, $"by {limit} in the order of the last push on {index.Provider}");
        }

        // There are few times, so that many are equal.
        RepositoryFacts? Facts() => texts.Random.Next(4) switch
        {
            0 => null,
            1 => new() { Tag = "latest" },
            _ => new() { Tag = "latest", PushedAt = PushedTexts.Begin.AddMinutes(texts.Random.Next(500)) },
        };

        async Task SameAsync<T>(Func<IRegistryIndex, Task<T>> change)
        {
            var outcome = await change(reference);
            foreach (var index in indexes)
                (await change(index)).Should().Be(outcome);
        }

        static ServiceProvider Relational(string url) => new ServiceCollection().AddLogging().AddRegistryIndex(new ConfigurationBuilder()
            .AddInMemoryCollection([new("search_backend", "sqlalchemy"), new("sqlalchemy_index_database", url)]).Build()).BuildServiceProvider();
    }
}
