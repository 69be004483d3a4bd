using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.EfCore.Sqlite.Files;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.EfCore.Tests.Sqlite;

[UnsupportedOSPlatform("windows")]
public sealed class DatabasePlaceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Lines _log = [];

    private string File => Path.Combine(_directory.Path, "var/lib/registry-index/index.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Missing_directories_are_created_private_to_the_user_and_logged()
    {
        await using var index = SqliteTestFile.Create("sqlite:///" + File, _log);
        await index.InitializeAsync(TestContext.Current.CancellationToken);
        await index.UpsertAsync(new("team/app"), TestContext.Current.CancellationToken);
        foreach (var made in new[] { "var", "var/lib", "var/lib/registry-index" })
            System.IO.File.GetUnixFileMode(Path.Combine(_directory.Path, made)).Should().Be((UnixFileMode)0b111_000_000);
        _log.Should().Contain($"Information: Created the directory {Path.GetDirectoryName(File)} for the database");
    }

    [Fact]
    public void The_default_file_is_private_to_the_user()
    {
        new DatabasePlace(File, isPrivate: true, NullLogger.Instance).Ensure();
        System.IO.File.GetUnixFileMode(File).Should().Be((UnixFileMode)0b110_000_000);
        var named = File + ".named";
        new DatabasePlace(named, isPrivate: false, NullLogger.Instance).Ensure();
        System.IO.File.GetUnixFileMode(named).Should().Be((UnixFileMode)0b110_100_100);
    }

    [Fact]
    public void A_link_in_place_of_the_default_file_is_not_followed()
    {
        var target = Path.Combine(_directory.Path, "target.db");
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.CreateSymbolicLink(File, target);
        var making = () => new DatabasePlace(File, isPrivate: true, NullLogger.Instance).Ensure();
        making.Should().Throw<RegistryIndexException>().WithMessage($"efcore initialize: the database {File} is not used, because {File} is a symbolic link; remove it, or name another database in sqlalchemy_index_database.");
        System.IO.File.Exists(target).Should().BeFalse();
    }

    [Fact]
    public async Task A_file_in_place_of_a_directory_is_reported_in_one_sentence()
    {
        var inTheWay = Path.Combine(_directory.Path, "var");
        await System.IO.File.WriteAllTextAsync(inTheWay, "", TestContext.Current.CancellationToken);
        await using var index = SqliteTestFile.Create("sqlite:///" + File);
        var opening = () => index.InitializeAsync(TestContext.Current.CancellationToken);
        (await opening.Should().ThrowAsync<RegistryIndexException>()).Which.Should().Match<RegistryIndexException>(error => !error.MayRetry)
            .And.Subject.As<RegistryIndexException>().Message.Should().StartWith("efcore initialize: the directory ").And.Contain($"for the database {File} cannot be created").And.EndWith(".");
    }

    [Fact]
    public async Task A_file_that_may_not_be_created_is_not()
    {
        await using var index = SqliteTestFile.Create($"Data Source={File};Mode=ReadWrite");
        var opening = () => index.InitializeAsync(TestContext.Current.CancellationToken);
        await opening.Should().ThrowAsync<RegistryIndexException>();
        Directory.EnumerateFileSystemEntries(_directory.Path).Should().BeEmpty();
    }
}
