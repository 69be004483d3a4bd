using RegistryIndex.Testing;

namespace RegistryIndex.EfCore.Tests;

public sealed class EqualsTheReferenceTests : IAsyncLifetime
{
    private readonly SqliteFile _file = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_page_of_random_queries_is_the_reference_s_after_a_random_history(int seed)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var data = new RandomData(seed);
        var (index, reference) = (await _file.OpenAsync(), new ReferenceIndex());
        for (var i = 0; i < 1_500; i++)
        {
            var repository = data.Repository();
            if (data.Next(5) == 0)
                (await index.DeleteAsync(repository.Name, cancellation)).Should().Be(await reference.DeleteAsync(repository.Name, cancellation));
            else
                (await index.UpsertAsync(repository, cancellation)).Should().Be(await reference.UpsertAsync(repository, cancellation));
        }

        var there = await reference.ListAsync(cancellationToken: cancellation).ToListAsync(cancellation);
        (await index.ListAsync(cancellationToken: cancellation).ToListAsync(cancellation)).Should().Equal(there);
        (await Walk.FindDifferenceAsync(index, reference, data, there, queries: 1_000, cancellation)).Should().BeNull();
    }
}
