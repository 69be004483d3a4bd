using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.EfCore.Tests.Sqlite;

/// <summary>The file of a running index is deleted, moved away, or replaced.</summary>
[SupportedOSPlatform("linux")]
public sealed class ExchangedFileTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Lines _log = [];
    private readonly List<EfCoreRegistryIndex> _opened = [];
    private EfCoreRegistryIndex _index = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_directory.Path, "index.db");

    private string Other => Path.Combine(_directory.Path, "other.db");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only on Linux it is noticed; Windows does not let go of a file that is open.");
        _index = await OpenAsync(File, "first/app");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var index in _opened)
            await index.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_deleted_file_is_an_error_and_is_not_created_again()
    {
        foreach (var file in Directory.GetFiles(_directory.Path))
            System.IO.File.Delete(file);
        foreach (var operation in Operations())
        {
            var doing = () => operation(_index);
            (await doing.Should().ThrowAsync<RegistryIndexException>()).Which.Should().Match<RegistryIndexException>(error =>
                error.MayRetry && error.Message.EndsWith($"the database {File} was deleted or moved away; put it back, or start again, which creates a new one."));
        }

        Directory.EnumerateFileSystemEntries(_directory.Path).Should().BeEmpty();
        _log.Where(line => line.StartsWith("Error: ", StringComparison.Ordinal)).Should().ContainSingle("it is logged once").Which.Should().Contain(File);
    }

    [Fact]
    public async Task A_file_that_is_moved_back_is_used_again_with_all_writes()
    {
        System.IO.File.Move(File, Other);
        await ShouldBeGoneAsync();
        System.IO.File.Move(Other, File);
        await ShouldHoldAsync("first/app");
        await _index.UpsertAsync(new("first/web"), Stop);
        await ShouldHoldAsync("first/app", "first/web");
        System.IO.File.Move(File, Other);
        await ShouldBeGoneAsync();
        (await NamesAsync(Other)).Should().Equal("first/app", "first/web");
    }

    [Fact]
    public async Task Another_index_file_at_the_same_path_is_used()
    {
        await MakeOtherAsync("second/app");
        await _index.UpsertAsync(new("first/web"), Stop);
        System.IO.File.Move(File, File + ".old");
        System.IO.File.Move(Other, File);
        (await _index.SearchAsync(new("app"), Stop)).Repositories.Select(one => one.Name).Should().Equal("second/app");
        await _index.UpsertAsync(new("second/web"), Stop);
        await ShouldHoldAsync("second/app", "second/web");
        _log.Should().ContainSingle(line => line == $"Warning: Another file has replaced the database {File}, and is used from now on");

        await _index.DisposeAsync();
        (await NamesAsync(File)).Should().Equal("second/app", "second/web");
        (await NamesAsync(File + ".old")).Should().Equal(["first/app", "first/web"], "the content of its log is included");
        (await IntegrityAsync(File)).Should().Be("ok");
    }

    [Fact]
    public async Task Another_index_that_overwrote_the_old_file_is_used()
    {
        await MakeOtherAsync("second/app");
        System.IO.File.Move(Other, File, overwrite: true);
        await ShouldHoldAsync("second/app");
        (await IntegrityAsync(File)).Should().Be("ok");
    }

    [Fact]
    public async Task Another_index_file_may_have_its_own_log()
    {
        var other = await OpenAsync(Other, "second/app");
        foreach (var file in Directory.GetFiles(_directory.Path, "other.db*"))
            System.IO.File.Copy(file, file.Replace("other.db", "copy.db", StringComparison.Ordinal));
        await other.DisposeAsync();
        foreach (var companion in new[] { "-wal", "-shm", "" })
            System.IO.File.Move(Path.Combine(_directory.Path, "copy.db" + companion), File + companion, overwrite: true);
        await ShouldHoldAsync("second/app");
        (await IntegrityAsync(File)).Should().Be("ok");
    }

    [Fact]
    public async Task A_link_that_now_leads_to_another_index_is_followed()
    {
        var link = Path.Combine(_directory.Path, "link.db");
        await MakeOtherAsync("second/app");
        System.IO.File.CreateSymbolicLink(link, File);
        var index = await OpenAsync(link, "first/web");
        System.IO.File.Delete(link);
        System.IO.File.CreateSymbolicLink(link, Other);
        (await index.ListAsync(cancellationToken: Stop).Select(one => one.Name).ToListAsync(Stop)).Should().Equal("second/app");
        await ShouldHoldAsync("first/app", "first/web");
    }

    [Theory]
    [InlineData("", "is not an index that can be used as it is")]
    [InlineData("CREATE TABLE guests (name TEXT)", "is not an index that can be used as it is")]
    [InlineData("CREATE TABLE repository (id INTEGER PRIMARY KEY, name TEXT, description TEXT)", "is not an index that can be used as it is")]
    [InlineData("CREATE TABLE registry_index_state (name TEXT PRIMARY KEY, value TEXT); INSERT INTO registry_index_state VALUES ('schema', '7')", "schema version '7'")]
    [InlineData(null, "damaged or is not an SQLite database")]
    public async Task A_file_that_is_not_an_index_is_an_error_and_not_changed(string? schema, string problem)
    {
        if (schema is null)
            await System.IO.File.WriteAllTextAsync(Other, string.Concat(Enumerable.Repeat("This is no database. ", 500)), Stop);
        else
            await ExecuteAsync(Other, schema + ";");
        var before = await System.IO.File.ReadAllBytesAsync(Other, Stop);
        System.IO.File.Move(Other, File, overwrite: true);
        foreach (var operation in Operations())
        {
            var doing = () => operation(_index);
            await doing.Should().ThrowAsync<RegistryIndexException>().WithMessage($"*{problem}*");
        }

        (await System.IO.File.ReadAllBytesAsync(File, Stop)).AsSpan().SequenceEqual(before).Should().BeTrue();
        await MakeOtherAsync("second/app");
        System.IO.File.Move(Other, File, overwrite: true);
        await ShouldHoldAsync("second/app");
    }

    [Fact]
    public async Task Another_initialization_creates_a_new_index()
    {
        System.IO.File.Delete(File);
        await ShouldBeGoneAsync();
        await _index.InitializeAsync(Stop);
        await ShouldHoldAsync();
        await _index.UpsertAsync(new("second/app"), Stop);
        (await NamesAsync(File)).Should().Equal("second/app");
    }

    [Fact]
    public async Task An_index_that_another_process_creates_again_is_used()
    {
        System.IO.File.Delete(File);
        await ShouldBeGoneAsync();
        await OpenAsync(File, "second/app");
        await ShouldHoldAsync("second/app");
    }

    [Fact]
    public async Task A_reader_never_mixes_two_files()
    {
        await MakeOtherAsync("second/app");
        var reader = SqliteTestFile.Create("sqlite:///" + File);
        _opened.Add(reader);
        await reader.OpenForReadingAsync(Stop);
        System.IO.File.Move(Other, File, overwrite: true);
        var reading = () => reader.GetAsync("first/app", Stop);
        await reading.Should().ThrowAsync<RegistryIndexException>().WithMessage("*was deleted or replaced while it was read; start again.");
    }

    [Fact]
    public async Task Each_search_and_write_during_an_exchange_of_files_uses_one_of_them()
    {
        var files = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            var file = Path.Combine(_directory.Path, $"next-{i}.db");
            await (await OpenAsync(file, [.. Enumerable.Range(0, 100).Select(n => $"round-{i}/app-{n:d2}")])).DisposeAsync();
            files.Add(file);
        }

        System.IO.File.Move(files[0], File, overwrite: true);
        var isDone = false;
        var searching = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!isDone)
            {
                var page = await _index.SearchAsync(new("app", 100), Stop);
                page.Repositories.Count(one => one.Name.Contains("/app-", StringComparison.Ordinal)).Should().Be(100);
                page.Repositories.Select(one => one.Name.Split('/')[0]).Distinct().Should().ContainSingle();
            }
        }, Stop)).ToList();
        var writing = Task.Run(async () =>
        {
            for (var n = 0; !isDone; n++)
                await _index.UpsertAsync(new("zoo", $"number {n}"), Stop);
        }, Stop);
        foreach (var file in files.Skip(1))
        {
            System.IO.File.Move(file, File, overwrite: true);
            var round = $"round-{Path.GetFileNameWithoutExtension(file)["next-".Length..]}/app-00";
            while (await _index.GetAsync(round, Stop) is null && !writing.IsFaulted && !searching.Exists(one => one.IsFaulted))
                await Task.Yield();
        }

        isDone = true;
        await Task.WhenAll([.. searching, writing]);
        (await IntegrityAsync(File)).Should().Be("ok");
    }

    private static IEnumerable<Func<IRegistryIndex, Task>> Operations() =>
    [
        index => index.SearchAsync(new(""), Stop),
        index => index.SearchAsync(new("app"), Stop),
        index => index.GetAsync("first/app", Stop),
        index => index.ListAsync(cancellationToken: Stop).ToListAsync(Stop).AsTask(),
        index => index.GetStatusAsync(Stop),
        index => index.ReadMarkAsync("first-load", Stop),
        index => index.TryReplaceMarkAsync("first-load", null, "begun", Stop),
        index => index.UpsertAsync(new("new"), Stop),
        index => index.DeleteAsync("first/app", Stop),
        index => index.ImportAsync(AsyncEnumerable.Repeat(new Repository("new"), 1), cancellationToken: Stop),
    ];

    private async Task ShouldBeGoneAsync()
    {
        var reading = () => _index.SearchAsync(new(""), Stop);
        await reading.Should().ThrowAsync<RegistryIndexException>().WithMessage("*was deleted or moved away*");
    }

    private async Task ShouldHoldAsync(params string[] names)
    {
        (await _index.ListAsync(cancellationToken: Stop).Select(one => one.Name).ToListAsync(Stop)).Should().Equal(names);
        (await _index.SearchAsync(new("app"), Stop)).Repositories.Select(one => one.Name).Should().Equal(names.Where(name => name.EndsWith("/app", StringComparison.Ordinal)));
    }

    private async Task MakeOtherAsync(params string[] names) => await (await OpenAsync(Other, names)).DisposeAsync();

    private async Task<List<string>> NamesAsync(string file)
    {
        await using var index = SqliteTestFile.Create("sqlite:///" + file);
        await index.OpenForReadingAsync(Stop);
        return await index.ListAsync(cancellationToken: Stop).Select(one => one.Name).ToListAsync(Stop);
    }

    private async Task<EfCoreRegistryIndex> OpenAsync(string file, params string[] names)
    {
        var index = SqliteTestFile.Create("sqlite:///" + file, file == File ? _log : null);
        _opened.Add(index);
        await index.InitializeAsync(Stop);
        foreach (var name in names)
            await index.UpsertAsync(new(name), Stop);
        return index;
    }

    private static Task<object?> IntegrityAsync(string file) => ExecuteAsync(file, "PRAGMA integrity_check");

    private static async Task<object?> ExecuteAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Stop);
    }
}
