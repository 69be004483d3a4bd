namespace RegistryIndex.EfCore.Tests;

/// <summary>Several indexes on one file, each with connections of its own, as several processes have them.</summary>
public sealed class SeveralProcessesTests : IAsyncLifetime
{
    private readonly SqliteFile _file = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task They_initialize_at_once()
    {
        var indexes = new List<IRegistryIndex>();
        for (var i = 0; i < 8; i++)
            indexes.Add(await _file.OpenAsync(initialize: false));
        await Task.WhenAll(indexes.Select(index => Task.Run(() => index.InitializeAsync(_cancellation))));
        await Task.WhenAll(indexes.Select((index, i) => index.UpsertAsync(new($"team/{i}"), _cancellation)));
        (await indexes[0].GetStatusAsync(_cancellation)).Repositories.Should().Be(8);
    }

    [Fact]
    public async Task They_write_at_once_and_each_upsert_is_counted_once()
    {
        var indexes = new[] { await _file.OpenAsync(), await _file.OpenAsync(), await _file.OpenAsync() };
        var outcomes = await Task.WhenAll(indexes.SelectMany(index => Enumerable.Range(0, 100).Select(i => Task.Run(() => index.UpsertAsync(new($"app/{i}", "the same"), _cancellation)))));
        outcomes.Count(outcome => outcome == UpsertOutcome.Added).Should().Be(100);
        outcomes.Count(outcome => outcome == UpsertOutcome.Unchanged).Should().Be(200);
    }

    [Fact]
    public async Task A_reader_sees_what_another_has_written_once_the_write_returns()
    {
        var (writer, reader) = (await _file.OpenAsync(), await _file.OpenAsync());
        for (var i = 0; i < 50; i++)
        {
            await writer.UpsertAsync(new("team/app", $"build{i}"), _cancellation);
            (await reader.SearchAsync(new($"build{i}"), _cancellation)).Repositories.Should().ContainSingle().Which.Description.Should().Be($"build{i}");
        }
    }

    [Fact]
    public async Task One_mark_is_won_by_one()
    {
        var indexes = new[] { await _file.OpenAsync(), await _file.OpenAsync(), await _file.OpenAsync(), await _file.OpenAsync() };
        for (var round = 0; round < 10; round++)
        {
            var expected = await indexes[0].ReadMarkAsync("first-load", _cancellation);
            var won = await Task.WhenAll(indexes.Select((index, i) => Task.Run(() => index.TryReplaceMarkAsync("first-load", expected, $"{round}-{i}", _cancellation))));
            won.Count(replaced => replaced).Should().Be(1);
        }

        (await indexes[0].TryReplaceMarkAsync("first-load", await indexes[1].ReadMarkAsync("first-load", _cancellation), null, _cancellation)).Should().BeTrue();
        (await indexes[2].ReadMarkAsync("first-load", _cancellation)).Should().BeNull();
    }

    [Fact]
    public async Task Pages_and_listings_miss_and_repeat_nothing_that_stays_while_others_write()
    {
        var index = await _file.OpenAsync();
        var stays = Enumerable.Range(0, 600).Select(i => new Repository($"stay/{i:d4}", "steady")).ToList();
        await index.ImportAsync(stays.ToAsyncEnumerable(), cancellationToken: _cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        var other = await _file.OpenAsync();
        var churn = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await other.UpsertAsync(new($"stay/{i * 37 % 600:d4}-x", i % 2 == 0 ? "steady" : "other"), _cancellation);
                await other.DeleteAsync($"stay/{i * 91 % 600:d4}-x", _cancellation);
            }
        }, _cancellation);
        for (var round = 0; round < 5; round++)
        {
            foreach (var query in (string[])["stay", "steady", ""])
            {
                var found = await Testing.Walk.AllPagesAsync(index, query, 7, cancellationToken: _cancellation);
                found.Where(repository => !repository.Name.EndsWith("-x", StringComparison.Ordinal)).Should().Equal(stays);
            }

            var listed = await index.ListAsync(cancellationToken: _cancellation).ToListAsync(_cancellation);
            listed.Where(repository => !repository.Name.EndsWith("-x", StringComparison.Ordinal)).Should().Equal(stays);
        }

        await stop.CancelAsync();
        await churn;
    }
}
