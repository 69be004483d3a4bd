using RegistryIndex.Conformance;
using RegistryIndex.Testing;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>Bulk upserts.</summary>
public sealed class ImportTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_has_the_results_of_single_writes(bool keepDescriptions)
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var reference = new ReferenceIndex();
        var texts = new RandomTexts(51);
        for (var round = 0; round < 3; round++)
        {
            // The names have few letters, so many occur twice, some of them with other descriptions. Some are invalid.
            List<Repository> stream = [.. Enumerable.Range(0, SlowTests.IsWanted ? 300 : 120).Select(number => number % 50 == 7 ? new Repository($"bad name {number}") : texts.Repository())];
            var (refused, expectedRefused) = (new List<RefusedRepository>(), new List<RefusedRepository>());
            var (reports, options) = (new List<ImportResult>(), new ImportOptions { KeepDescriptions = keepDescriptions });
            var result = await index.ImportAsync(
                stream.ToAsyncEnumerable(), options with { Refused = refused.Add, Progress = new Reports(reports) }, TestIndexes.Stop);
            result.Should().Be(await reference.ImportAsync(stream.ToAsyncEnumerable(), options with { Refused = expectedRefused.Add }, TestIndexes.Stop));
            refused.Should().Equal(expectedRefused);
            reports.Should().HaveCountGreaterThan(1).And.BeInAscendingOrder(report => report.Total);
            reports[^1].Should().Be(result);
        }

        await IndexAssertions.EverythingAsync(reference, texts, queries: 50, index);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(60)]
    public async Task The_last_description_of_a_repeated_name_is_stored(int window)
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var reference = new ReferenceIndex();
        var random = new Random(window);
        for (var round = 0; round < 3; round++)
        {
            List<Repository> stream = [.. Enumerable.Range(0, SlowTests.IsWanted ? 300 : 100).Select(_ => new Repository($"r/{random.Next(20)}", $"text {random.Next(3)}"))];
            (await index.ImportAsync(stream.ToAsyncEnumerable(), null, window, TestIndexes.Stop))
                .Should().Be(await reference.ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop));
            (await index.ListAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop))
                .Should().Equal(await reference.ListAsync(cancellationToken: TestIndexes.Stop).ToListAsync(TestIndexes.Stop));
        }

        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task An_import_of_stored_rows_writes_nothing()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var index = await tables.OpenAsync(client);
        List<Repository> stream = [.. Enumerable.Range(0, 500).Select(number => new Repository($"r/{number}"))];
        await index.ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        client.ResetCounts();
        (await index.ImportAsync(stream.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop)).Should().Be(new ImportResult { Unchanged = 500 });
        (client.CallsOf("BatchWriteItem"), client.CallsOf("UpdateItem")).Should().Be((0, 0));
        client.CallsOf("BatchGetItem").Should().BeLessThan(50, "reads are batched");
    }

    [Fact]
    public async Task A_failing_stream_ends_the_import_and_leaves_only_complete_rows()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        async IAsyncEnumerable<Repository> Broken()
        {
            for (var number = 0; number < 500; number++)
                yield return new Repository($"r/{number}");
            await Task.Yield();
            throw new IOException("the stream broke");
        }

        var import = () => index.ImportAsync(Broken(), null, window: 200, TestIndexes.Stop);
        await import.Should().ThrowAsync<IOException>();
        (await tables.RowsAsync()).Should().NotBeEmpty();
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task Refused_is_not_called_during_a_report()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var (inside, isTogether, reports) = (0, false, 0);
        var options = new ImportOptions
        {
            Refused = _ => Tell(0),
            Progress = new Calls(() =>
            {
                reports++;
                Tell(20);
            }),
        };
        await index.ImportAsync(Mixed(), options, window: 50, TestIndexes.Stop);
        isTogether.Should().BeFalse();
        reports.Should().BeGreaterThan(3);

        void Tell(int milliseconds)
        {
            isTogether |= Interlocked.Increment(ref inside) > 1;
            Thread.Sleep(milliseconds);
            Interlocked.Decrement(ref inside);
        }

        // Refuses slowly, so that writes of the same window end and are reported meanwhile.
        async IAsyncEnumerable<Repository> Mixed()
        {
            for (var number = 0; number < 400; number++)
            {
                yield return new Repository($"r/{number}");
                await Task.Delay(1, TestIndexes.Stop);
                yield return new Repository($"bad {number}");
            }
        }
    }

    [Fact]
    public async Task Concurrent_imports_leave_one_of_their_texts()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var other = await tables.OpenAsync();
        var results = await Task.WhenAll(new[] { (index, "one"), (other, "two") }.Select(importer => importer.Item1.ImportAsync(
            Enumerable.Range(0, 100).Select(number => new Repository($"r/{number}", $"by {importer.Item2}")).ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop)));
        results.Sum(result => result.Added).Should().Be(100);
        results.Sum(result => result.Total).Should().Be(200);
        await IndexAssertions.NothingIsMissingAsync(tables);
        (await tables.RowsAsync()).Should().HaveCount(100).And.OnlyContain(row => row.Description == "by one" || row.Description == "by two");
        await tables.SweepAsync(index);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    private sealed class Calls(Action call) : IProgress<ImportResult>
    {
        public void Report(ImportResult value) => call();
    }

    private sealed class Reports(List<ImportResult> reports) : IProgress<ImportResult>
    {
        public void Report(ImportResult value) => reports.Add(value);
    }
}
