namespace RegistryIndex.EfCore.Tests;

public sealed class SqliteIndexTests : IAsyncLifetime
{
    private readonly SqliteFile _file = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task An_import_counts_what_it_did_to_each_row_and_goes_on_after_a_refused_one()
    {
        var index = await _file.OpenAsync();
        await index.UpsertAsync(new("old/same", "as it was"), _cancellation);
        await index.UpsertAsync(new("old/changed", "before"), _cancellation);
        var refused = new List<RefusedRepository>();
        var reported = new List<ImportResult>();
        var result = await index.ImportAsync(
            ((Repository[])[new("old/same", "as it was"), new("-bad"), new("old/changed", "after"), new("new", "first"), new("new", "second"), new("long", new string('x', 351))]).ToAsyncEnumerable(),
            new ImportOptions { Refused = refused.Add, Progress = new Collect(reported) },
            _cancellation);
        result.Should().Be(new ImportResult(Added: 1, Updated: 2, Unchanged: 1, Refused: 2));
        reported[^1].Should().Be(result);
        refused.Select(r => r.Repository.Name).Should().Equal("-bad", "long");
        refused.Should().OnlyContain(r => r.Reason.Contains(r.Repository.Name));
        (await index.GetAsync("new", _cancellation))!.Description.Should().Be("second");
    }

    [Fact]
    public async Task An_import_may_keep_descriptions_that_its_source_does_not_know()
    {
        var index = await _file.OpenAsync();
        await index.UpsertAsync(new("a", "written by hand"), _cancellation);
        var keep = new ImportOptions { KeepDescriptions = true };
        (await index.ImportAsync(((Repository[])[new("a"), new("b")]).ToAsyncEnumerable(), keep, _cancellation)).Should().Be(new ImportResult(1, 0, 1, 0));
        (await index.GetAsync("a", _cancellation))!.Description.Should().Be("written by hand");
        await index.ImportAsync(((Repository[])[new("a")]).ToAsyncEnumerable(), cancellationToken: _cancellation);
        (await index.GetAsync("a", _cancellation))!.Description.Should().BeNull();
    }

    [Fact]
    public async Task An_upsert_that_changes_nothing_writes_nothing()
    {
        var index = await _file.OpenAsync();
        await index.UpsertAsync(new("a", "b"), _cancellation);
        var before = new FileInfo(_file.Path + "-wal").Length;
        (await index.UpsertAsync(new("a", "b"), _cancellation)).Should().Be(UpsertOutcome.Unchanged);
        (await index.ImportAsync(((Repository[])[new("a", "b")]).ToAsyncEnumerable(), cancellationToken: _cancellation)).Unchanged.Should().Be(1);
        new FileInfo(_file.Path + "-wal").Length.Should().Be(before);
    }

    [Fact]
    public async Task A_refused_repository_changes_nothing_and_is_named()
    {
        var index = await _file.OpenAsync();
        await FluentActions.Awaiting(() => index.UpsertAsync(new("no good"), _cancellation)).Should().ThrowAsync<ArgumentException>().WithMessage("*'no good'*");
        (await index.GetStatusAsync(_cancellation)).Repositories.Should().Be(0);
    }

    [Fact]
    public async Task An_index_in_memory_works_like_one_in_a_file_and_is_its_own()
    {
        await using var index = SqliteIndexes.Memory();
        await using var other = SqliteIndexes.Memory();
        await index.InitializeAsync(_cancellation);
        await other.InitializeAsync(_cancellation);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => index.UpsertAsync(new($"team/{i}", "in memory"), _cancellation))));
        (await index.SearchAsync(new("memory", 100), _cancellation)).Repositories.Should().HaveCount(50);
        (await other.SearchAsync(new(""), _cancellation)).Repositories.Should().BeEmpty();
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled()
    {
        var index = await _file.OpenAsync();
        var cancelled = new CancellationToken(canceled: true);
        await FluentActions.Awaiting(() => index.UpsertAsync(new("a"), cancelled)).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(() => index.SearchAsync(new("a"), cancelled)).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(() => index.ListAsync(cancellationToken: cancelled).ToListAsync(cancelled).AsTask()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_directory_that_is_not_there_a_damaged_file_and_a_missing_schema_are_one_sentence_each()
    {
        await using var nowhere = SqliteFile.Create($"sqlite:///{_file.Path}/missing/index.db");
        await FluentActions.Awaiting(() => nowhere.InitializeAsync(_cancellation)).Should().ThrowAsync<RegistryIndexException>().WithMessage("*missing/index.db does not exist; create it.");

        var uninitialized = await _file.OpenAsync(initialize: false);
        await FluentActions.Awaiting(() => uninitialized.SearchAsync(new("a"), _cancellation)).Should().ThrowAsync<RegistryIndexException>().WithMessage("*initialize it first*");

        var path = _file.Path + ".txt";
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("This is no database. ", 500)), _cancellation);
        await using var damaged = SqliteFile.Create($"sqlite:///{path}");
        await FluentActions.Awaiting(() => damaged.InitializeAsync(_cancellation)).Should().ThrowAsync<RegistryIndexException>().WithMessage("*damaged or no SQLite database*");
    }

    private sealed class Collect(List<ImportResult> results) : IProgress<ImportResult>
    {
        public void Report(ImportResult value) => results.Add(value);
    }
}

internal static class SqliteIndexes
{
    public static EfCoreRegistryIndex Memory() => SqliteFile.Create("sqlite://");
}
