using Microsoft.Data.Sqlite;

namespace RegistryIndex.EfCore.Tests;

/// <summary>A database of docker-registry's SQLAlchemy index, created with plain SQL.</summary>
public sealed class LegacyDatabaseTests : IAsyncLifetime
{
    private const string LegacySchema = """
        CREATE TABLE version (id INTEGER NOT NULL, PRIMARY KEY (id));
        CREATE TABLE repository (id INTEGER NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));
        INSERT INTO version VALUES (1);
        INSERT INTO repository (name, description) VALUES
            ('library/ubuntu', NULL), ('library/Ubuntu-Core', 'The Core'), ('team/50%_off', ''), ('odd name!', 'not in the grammar'), ('team/web', 'a shop');
        """;

    private readonly SqliteTestFile _file = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task A_predecessors_database_opens_and_every_row_is_found()
    {
        await ExecuteAsync(LegacySchema);
        var index = await _file.OpenAsync();
        (await index.ListAsync(cancellationToken: _cancellation).Select(r => r.Name).ToListAsync(_cancellation))
            .Should().Equal("library/Ubuntu-Core", "library/ubuntu", "odd name!", "team/50%_off", "team/web");
        (await SearchAsync(index, "UBUNTU")).Should().Equal("library/ubuntu", "library/Ubuntu-Core");
        (await SearchAsync(index, "core")).Should().Equal("library/Ubuntu-Core");
        (await SearchAsync(index, "%_")).Should().Equal("team/50%_off");
        (await SearchAsync(index, "grammar")).Should().Equal("odd name!");
        (await index.DeleteAsync("odd name!", _cancellation)).Should().BeTrue();
        (await SearchAsync(index, "grammar")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_predecessors_database_may_use_UTF_16()
    {
        await ExecuteAsync("PRAGMA encoding = 'UTF-16';" + LegacySchema + "UPDATE repository SET description = 'Größe 🐳' WHERE name = 'team/web'");
        var index = await _file.OpenAsync();
        await index.ImportAsync(new Repository[] { new("ab", "日本語"), new("team/web", "Äpfel 🐳") }.ToAsyncEnumerable(), cancellationToken: _cancellation);
        (await ReadAsync("PRAGMA encoding")).Should().Equal("UTF-16le");
        (await ReadAsync("SELECT name, description FROM repository WHERE description > 'm' ORDER BY name")).Should().Equal("ab|日本語", "odd name!|not in the grammar", "team/web|Äpfel 🐳");
        (await SearchAsync(index, "äpfel")).Should().Equal("team/web");
        (await SearchAsync(index, "größe")).Should().BeEmpty();
        (await SearchAsync(index, "本")).Should().Equal("ab");
        (await SearchAsync(index, "core")).Should().Equal("library/Ubuntu-Core");
    }

    [Fact]
    public async Task The_predecessor_can_still_read_its_database()
    {
        await ExecuteAsync(LegacySchema);
        var before = await ReadAsync("SELECT name, sql FROM sqlite_master WHERE name IN ('version', 'repository') ORDER BY name");
        var index = await _file.OpenAsync();
        await index.UpsertAsync(new("team/new", "from the new program"), _cancellation);
        await index.DeleteAsync("team/web", _cancellation);

        (await ReadAsync("SELECT name, sql FROM sqlite_master WHERE name IN ('version', 'repository') ORDER BY name")).Should().Equal(before);
        (await ReadAsync("SELECT max(id), count(*) FROM version")).Should().Equal("1|1");
        (await ReadAsync("SELECT name, description FROM repository WHERE name LIKE '%team%' OR description LIKE '%team%' ORDER BY name"))
            .Should().Equal("team/50%_off|", "team/new|from the new program");
        (await ReadAsync("SELECT count(*) FROM sqlite_master WHERE tbl_name = 'repository' AND type = 'trigger'")).Should().Equal("0");
    }

    [Fact]
    public async Task Concurrent_writes_of_the_predecessor_are_adopted_at_the_next_start()
    {
        await ExecuteAsync(LegacySchema);
        await _file.OpenAsync();
        await ExecuteAsync("""
            INSERT INTO repository (name) VALUES ('team/pushed-meanwhile');
            UPDATE repository SET description = NULL WHERE name = 'library/Ubuntu-Core';
            DELETE FROM repository WHERE name = 'odd name!';
            """);
        var index = await _file.OpenAsync();
        (await SearchAsync(index, "meanwhile")).Should().Equal("team/pushed-meanwhile");
        (await SearchAsync(index, "the core")).Should().BeEmpty();
        (await SearchAsync(index, "grammar")).Should().BeEmpty();
        (await ReadAsync("SELECT count(*) FROM registry_index_text")).Should().Equal("5");
    }

    [Fact]
    public async Task An_incomplete_schema_is_completed()
    {
        await ExecuteAsync("CREATE TABLE version (id INTEGER NOT NULL, PRIMARY KEY (id))");
        await _file.OpenAsync();
        (await ReadAsync("SELECT id FROM version")).Should().Equal("1");
    }

    [Theory]
    [InlineData("CREATE TABLE version (id INTEGER PRIMARY KEY); INSERT INTO version VALUES (2)", "version says 2*version 1")]
    [InlineData("CREATE TABLE version (number TEXT)", "version has the columns number*id")]
    [InlineData("CREATE TABLE repository (id INTEGER PRIMARY KEY, path TEXT)", "repository has the columns id, path*id, name, description")]
    [InlineData("CREATE TABLE registry_index_state (name TEXT PRIMARY KEY, value TEXT); INSERT INTO registry_index_state VALUES ('schema', '7')", "schema version '7'*knows only 1")]
    public async Task An_unknown_schema_is_refused_and_nothing_is_written(string schema, string sentence)
    {
        await ExecuteAsync(schema);
        var before = await File.ReadAllBytesAsync(_file.Path, _cancellation);
        var error = await FluentActions.Awaiting(() => _file.OpenAsync()).Should().ThrowAsync<RegistryIndexException>().WithMessage($"*{sentence}*");
        error.Which.MayRetry.Should().BeFalse();
        (await File.ReadAllBytesAsync(_file.Path, _cancellation)).AsSpan().SequenceEqual(before).Should().BeTrue();
    }

    private async Task<IEnumerable<string>> SearchAsync(IRegistryIndex index, string query) =>
        (await index.SearchAsync(new(query), _cancellation)).Repositories.Select(repository => repository.Name);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_file.Path};Pooling=False");
        await connection.OpenAsync(_cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(_cancellation);
    }

    private async Task<List<string>> ReadAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_file.Path};Pooling=False");
        await connection.OpenAsync(_cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(_cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(_cancellation))
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
        return rows;
    }
}
