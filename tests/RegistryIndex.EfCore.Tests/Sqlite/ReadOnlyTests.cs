using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.EfCore.Tests.Sqlite;

/// <summary>A database that is opened for reading stays unchanged, byte for byte, with all files beside it.</summary>
public sealed class ReadOnlyTests : IAsyncDisposable
{
    private static readonly Repository[] Some = [new("a/app", "The app"), new("a/web", "A shop"), new("z/APP")];
    private readonly TemporaryDirectory _directory = new();
    private readonly List<EfCoreRegistryIndex> _opened = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_directory.Path, "index #1?.db");

    public async ValueTask DisposeAsync()
    {
        foreach (var index in _opened)
            await index.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("closed", SourceState.Searchable)]
    [InlineData("in use", SourceState.Searchable)]
    [InlineData("of a crashed writer", SourceState.Searchable)]
    [InlineData("with rows of an old writer", SourceState.Listable)]
    [InlineData("of a predecessor", SourceState.Listable)]
    [InlineData("of something else", SourceState.Missing)]
    [InlineData("empty", SourceState.Missing)]
    [InlineData("not there", SourceState.Missing)]
    [InlineData("not there with its directory", SourceState.Missing)]
    public async Task A_database_opened_for_reading_is_not_changed(string which, SourceState state)
    {
        await MakeAsync(which);
        var before = Content();
        var path = which == "not there with its directory" ? Path.Combine(_directory.Path, "no/directory/index.db") : File;
        await using (var index = Open(path))
        {
            (await index.OpenForReadingAsync(Stop)).Should().Be(state);
            index.Location.Should().Be(path);
            if (state != SourceState.Missing)
            {
                (await index.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().Equal(Some);
                (await ((IRegistryIndex)index).ScanAsync("a/app", 1, Stop).ToListAsync(Stop)).Should().Equal(Some[1]);
                (await index.GetAsync("a/web", Stop)).Should().Be(Some[1]);
                (await index.GetStatusAsync(Stop)).Repositories.Should().Be(3);
                (await index.ReadMarkAsync("first-load", Stop)).Should().Be(which == "of a predecessor" ? null : "begun");
            }

            if (state == SourceState.Searchable)
                (await index.SearchAsync(new("app"), Stop)).Repositories.Should().Equal(Some[0], Some[2]);
            Content().Should().Equal(before, "while it is open");
        }

        Content().Should().Equal(before, "when it is closed");
    }

    [Fact]
    public async Task A_write_to_a_database_opened_for_reading_is_refused()
    {
        await MakeAsync("closed");
        var before = Content();
        await using var index = Open(File);
        await index.OpenForReadingAsync(Stop);
        var writing = () => index.UpsertAsync(new("new"), Stop);
        await writing.Should().ThrowAsync<RegistryIndexException>().WithMessage("*read-only*");
        Content().Should().Equal(before);
    }

    [Fact]
    public async Task A_reader_sees_writes_of_writers_that_open_and_close()
    {
        await MakeAsync("closed");
        await using var reader = Open(File);
        await reader.OpenForReadingAsync(Stop);
        var written = Some.ToList();
        for (var i = 0; i < 10; i++)
        {
            (await reader.ListAsync(cancellationToken: Stop).ToListAsync(Stop)).Should().BeEquivalentTo(written);
            await using var writer = Open(File);
            await writer.InitializeAsync(Stop);
            await writer.UpsertAsync(new($"new/{i}", "a text"), Stop);
            written.Add(new($"new/{i}", "a text"));
            if (i % 2 == 0)
                (await reader.SearchAsync(new($"new/{i}"), Stop)).Repositories.Should().Equal(written[^1]);
        }

        (await reader.SearchAsync(new("text", 100), Stop)).Repositories.Should().HaveCount(10);
    }

    [Fact]
    public async Task Reads_are_complete_while_a_writer_opens_and_closes()
    {
        await MakeAsync("closed");
        var all = Enumerable.Range(0, 3_000).Select(i => new Repository($"bulk/app-{i:d4}", "number 0")).ToList();
        await using (var writer = Open(File))
        {
            await writer.InitializeAsync(Stop);
            await writer.ImportAsync(all.ToAsyncEnumerable(), cancellationToken: Stop);
        }

        var isDone = false;
        var writing = Task.Run(async () =>
        {
            for (var round = 1; round <= 8; round++)
            {
                await using var writer = Open(File);
                await writer.InitializeAsync(Stop);
                await writer.ImportAsync(all.Select(one => new Repository(one.Name, $"number {round}")).ToAsyncEnumerable(), cancellationToken: Stop);
            }

            isDone = true;
        }, Stop);
        var readings = 0;
        while (!isDone && !writing.IsFaulted)
        {
            await using var reader = Open(File);
            await reader.OpenForReadingAsync(Stop);
            (await reader.ListAsync(cancellationToken: Stop).CountAsync(Stop)).Should().Be(3_003);
            (await reader.SearchAsync(new("app-0"), Stop)).Repositories.Should().HaveCount(25);
            readings++;
        }

        await writing;
        readings.Should().BePositive();
    }

    private async Task MakeAsync(string which)
    {
        switch (which)
        {
            case "not there" or "not there with its directory":
                return;
            case "empty":
                await System.IO.File.WriteAllBytesAsync(File, [], Stop);
                return;
            case "of something else":
                await ExecuteAsync("CREATE TABLE guests (name TEXT); INSERT INTO guests VALUES ('somebody')");
                return;
            case "of a predecessor":
                await ExecuteAsync("""
                    CREATE TABLE version (id INTEGER NOT NULL, PRIMARY KEY (id));
                    CREATE TABLE repository (id INTEGER NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));
                    INSERT INTO version VALUES (1);
                    INSERT INTO repository (name, description) VALUES ('z/APP', NULL), ('a/app', 'The app'), ('a/web', 'A shop');
                    """);
                return;
        }

        var index = Open(File);
        await index.InitializeAsync(Stop);
        await index.ImportAsync(Some.ToAsyncEnumerable(), cancellationToken: Stop);
        await index.TryReplaceMarkAsync("first-load", null, "begun", Stop);
        if (which == "in use")
            return;
        if (which == "of a crashed writer")
        {
            // As after a power failure: the log contains the last writes, and no process has the files open.
            foreach (var file in Directory.GetFiles(_directory.Path))
                System.IO.File.Copy(file, file.Replace("#1", "#2", StringComparison.Ordinal));
            await index.DisposeAsync();
            System.IO.File.Exists(File + "-wal").Should().BeFalse();
            foreach (var file in Directory.GetFiles(_directory.Path, "*#2*"))
                System.IO.File.Move(file, file.Replace("#2", "#1", StringComparison.Ordinal), overwrite: true);
            new FileInfo(File + "-wal").Length.Should().BePositive();
            return;
        }

        await index.DisposeAsync();
        if (which == "with rows of an old writer")
            await ExecuteAsync("DELETE FROM repository WHERE name = 'a/web'; INSERT INTO repository (name, description) VALUES ('a/web', 'A shop')");
    }

    private EfCoreRegistryIndex Open(string file)
    {
        var index = SqliteTestFile.Create($"Data Source={file}");
        _opened.Add(index);
        return index;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Stop);
    }

    // The shared memory of the locks is not data. SQLite writes to it while it reads.
    private Dictionary<string, string> Content() => Directory.EnumerateFileSystemEntries(_directory.Path, "*", SearchOption.AllDirectories).ToDictionary(
        file => file, file => file.EndsWith("-shm", StringComparison.Ordinal) ? "" : Convert.ToHexString(SHA256.HashData(System.IO.File.ReadAllBytes(file))));
}
