using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace RegistryIndex.EfCore.Tests.Memory;

/// <summary>When the texts in memory answer searches, and when they do not.</summary>
public sealed class SearchMemoryTests : IAsyncDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private readonly SqliteTestFile _file = new();
    private readonly List<EfCoreRegistryIndex> _opened = [];

    [Fact]
    public async Task A_word_of_a_description_is_found_without_the_trigram_index()
    {
        var index = await OpenAsync();
        await index.UpsertAsync(new("team/app", "gateway of the shop"), Cancellation);
        await index.UpsertAsync(new("team/web", "something else"), Cancellation);
        await ExecuteAsync("DROP TABLE registry_index_trigram");

        (await FindAsync(index, "atewa")).Should().Equal("team/app");
        (await FindAsync(index, "shop gateway")).Should().Equal("team/app");
        (await FindAsync(index, "nothing")).Should().BeEmpty();
        await new Func<Task>(async () => await FindAsync(await OpenAsync(memory: 0), "atewa")).Should().ThrowAsync<RegistryIndexException>("the database no longer has the trigram index");
    }

    [Fact]
    public async Task After_the_preparation_the_first_search_is_answered_from_memory()
    {
        var (prepared, other) = (await OpenAsync(waits: false), await OpenAsync(waits: false));
        await prepared.UpsertAsync(new("team/app", "gateway of the shop"), Cancellation);
        await ((ISearchCapacity)prepared).PrepareAsync(Cancellation);
        await ExecuteAsync("DROP TABLE registry_index_trigram");

        (await FindAsync(prepared, "atewa")).Should().Equal("team/app");
        await new Func<Task>(() => FindAsync(other, "atewa")).Should().ThrowAsync<RegistryIndexException>("a program that searches once uses the database");
    }

    [Fact]
    public async Task Writes_and_deletes_of_other_processes_are_read_row_by_row()
    {
        var (index, other) = (await OpenAsync(), await OpenAsync());
        for (var i = 0; i < 30; i++)
            await other.UpsertAsync(new($"r{i:d2}", $"the xgate {i}"), Cancellation);
        (await FindAsync(index, "gate")).Should().HaveCount(30);
        await ExecuteAsync("DROP TABLE registry_index_trigram; DROP TRIGGER registry_index_text_added; DROP TRIGGER registry_index_text_removed; DROP TRIGGER registry_index_text_changed");

        await other.DeleteAsync("r07", Cancellation);
        await other.UpsertAsync(new("r08", "something else"), Cancellation);
        await other.UpsertAsync(new("new", "xgate"), Cancellation);
        (await FindAsync(index, "gate")).Should().HaveCount(29).And.Contain("new").And.NotContain(["r07", "r08"]);
        await other.ImportAsync(Enumerable.Range(0, 200).Select(i => new Repository($"many/{i:d3}", "xgate")).ToAsyncEnumerable(), cancellationToken: Cancellation);
        (await FindAsync(index, "gate")).Should().HaveCount(229, "after a large import all texts are read again");
    }

    [Fact]
    public async Task A_shortened_or_foreign_log_reloads_all_texts()
    {
        var (index, other) = (await OpenAsync(), await OpenAsync());
        await other.UpsertAsync(new("app", "xgate"), Cancellation);
        (await FindAsync(index, "gate")).Should().Equal("app");
        await ExecuteAsync("UPDATE registry_index_text SET folded_description = 'xdoor'; UPDATE registry_index_change SET token = 'of a backup that was restored'");
        (await FindAsync(index, "door")).Should().Equal("app");
        (await FindAsync(index, "gate")).Should().BeEmpty();

        await other.UpsertAsync(new("web", "xgate"), Cancellation);
        await ExecuteAsync("DELETE FROM registry_index_change WHERE number < (SELECT max(number) FROM registry_index_change)");
        await other.UpsertAsync(new("api", "xgate"), Cancellation);
        (await FindAsync(index, "gate")).Should().BeEquivalentTo("web", "api");
    }

    [Fact]
    public async Task The_log_of_changes_has_a_maximum_length()
    {
        var index = await OpenAsync();
        await ExecuteAsync("INSERT INTO registry_index_change (number, token) SELECT value, 'x' FROM (WITH RECURSIVE n (value) AS (SELECT 1000 UNION ALL SELECT value + 1 FROM n WHERE value < 30000) SELECT value FROM n)");
        await index.UpsertAsync(new("app", "xgate"), Cancellation);
        (await ExecuteAsync("SELECT count(*) FROM registry_index_change")).Should().Be(10_000L);
        (await FindAsync(index, "gate")).Should().Equal("app");
    }

    [Fact]
    public async Task Texts_that_need_too_much_memory_are_searched_in_the_database()
    {
        var index = await OpenAsync(memory: 1);
        await index.ImportAsync(Enumerable.Range(0, 4_000).Select(i => new Repository($"r{i:d4}", $"{new string('x', 340)} {i}")).ToAsyncEnumerable(), cancellationToken: Cancellation);
        (await FindAsync(index, "xx 3999")).Should().Equal("r3999");
        await ExecuteAsync("DROP TABLE registry_index_trigram");
        await new Func<Task>(() => FindAsync(index, "xx 3999")).Should().ThrowAsync<RegistryIndexException>("the texts are not in memory");
    }

    [Theory]
    [InlineData(256)]
    [InlineData(0)]
    public async Task A_row_that_a_predecessor_removed_does_not_shorten_a_search(int memory)
    {
        var index = await OpenAsync(memory);
        for (var i = 0; i < 10; i++)
            await index.UpsertAsync(new($"r{i}", $"the xgate {i}"), Cancellation);
        (await FindAsync(index, "gate")).Should().HaveCount(10);
        await ExecuteAsync("DELETE FROM repository WHERE name IN ('r1', 'r2')");

        List<string> found = [];
        string? continuation = null;
        do
        {
            var page = await index.SearchAsync(new("gate", 2, continuation), Cancellation);
            found.AddRange(page.Repositories.Select(repository => repository.Name));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        found.Should().Equal("r0", "r3", "r4", "r5", "r6", "r7", "r8", "r9");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_025)]
    public void An_impossible_memory_limit_is_refused(int memory) =>
        new EfCoreIndexOptionsValidator().Validate(null, new EfCoreIndexOptions { Database = "sqlite://", SearchMemory = memory }.WithEngines()).Failed.Should().BeTrue();

    public async ValueTask DisposeAsync()
    {
        foreach (var index in _opened)
            await index.DisposeAsync();
        await _file.DisposeAsync();
    }

    private static async Task<List<string>> FindAsync(EfCoreRegistryIndex index, string query)
    {
        List<string> found = [];
        string? continuation = null;
        do
        {
            var page = await index.SearchAsync(new(query, 100, continuation), Cancellation);
            found.AddRange(page.Repositories.Select(repository => repository.Name));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return found;
    }

    private async Task<EfCoreRegistryIndex> OpenAsync(int memory = 256, bool waits = true)
    {
        var index = new EfCoreRegistryIndex(Options.Create(new EfCoreIndexOptions { Database = _file.Url, SearchMemory = memory, WaitsForMemory = waits }.WithEngines()), NullLogger<EfCoreRegistryIndex>.Instance);
        _opened.Add(index);
        await index.InitializeAsync(Cancellation);
        return index;
    }

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_file.Path}");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
