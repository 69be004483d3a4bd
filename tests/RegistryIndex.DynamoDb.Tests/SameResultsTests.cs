using RegistryIndex.Testing;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>What the index finds is what the contract says, done the obvious way.</summary>
public sealed class SameResultsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Any_history_gives_the_pages_of_the_reference(int seed)
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var reference = new ReferenceIndex();
        var texts = new Texts(seed);
        for (var step = 0; step < 220; step++)
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

        await Same.EverythingAsync(index, reference, texts, queries: 500);
        await Same.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task Ten_thousand_repositories_give_the_pages_of_the_reference()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var reference = new ReferenceIndex();
        var texts = new Texts(5);
        var stream = Enumerable.Range(0, 10_000)
            .Select(number => new Repository($"{texts.Name()}/{number % 100}/{number}", texts.Random.Next(3) == 0 ? texts.Description()?[..1] : null))
            .ToList();
        var result = await index.ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        result.Should().Be(await reference.ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop));
        await Same.EverythingAsync(index, reference, texts, queries: 1000);
    }
}
