namespace RegistryIndex.EfCore.Tests;

public sealed class SqliteIndexTests : IAsyncLifetime
{
    private readonly SqliteTestFile _file = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task Each_index_in_memory_is_separate()
    {
        await using var index = SqliteIndexes.Memory();
        await using var other = SqliteIndexes.Memory();
        await index.InitializeAsync(_cancellation);
        await other.InitializeAsync(_cancellation);
        await index.UpsertAsync(new("team/app"), _cancellation);
        (await index.SearchAsync(new(""), _cancellation)).Repositories.Should().ContainSingle();
        (await other.SearchAsync(new(""), _cancellation)).Repositories.Should().BeEmpty();
    }

    [Fact]
    public async Task A_damaged_file_and_a_missing_one_are_one_sentence_each()
    {
        var uninitialized = await _file.OpenAsync(initialize: false);
        await FluentActions.Awaiting(() => uninitialized.SearchAsync(new("a"), _cancellation)).Should().ThrowAsync<RegistryIndexException>().WithMessage("*cannot be opened: it does not exist*");
        File.Exists(_file.Path).Should().BeFalse("only an initialization creates the file");
        await File.WriteAllBytesAsync(_file.Path, [], _cancellation);
        await FluentActions.Awaiting(() => uninitialized.SearchAsync(new("a"), _cancellation)).Should().ThrowAsync<RegistryIndexException>().WithMessage("*initialize it first*");

        var path = _file.Path + ".txt";
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("This is no database. ", 500)), _cancellation);
        await using var damaged = SqliteTestFile.Create($"sqlite:///{path}");
        await FluentActions.Awaiting(() => damaged.InitializeAsync(_cancellation)).Should().ThrowAsync<RegistryIndexException>().WithMessage("*damaged or is not an SQLite database*");
    }
}

internal static class SqliteIndexes
{
    public static EfCoreRegistryIndex Memory() => SqliteTestFile.Create("sqlite://");
}
