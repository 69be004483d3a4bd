using System.Runtime.Versioning;
using RegistryIndex.EfCore.Sqlite;
using RegistryIndex.EfCore.Sqlite.Files;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.EfCore.Tests.Sqlite;

[SupportedOSPlatform("linux")]
public sealed class DefaultDatabaseTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();
    private readonly TemporaryDirectory _shared = new();

    public DefaultDatabaseTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells whose a file is.");
        File.SetUnixFileMode(_shared.Path, (UnixFileMode)0b001_111_111_111);
        File.WriteAllBytes(Old, new byte[4096]);
    }

    private string Place => Path.Combine(_home.Path, ".local/state/registry-index/index.db");

    private string Old => Path.Combine(_shared.Path, "docker-registry.db");

    public void Dispose()
    {
        _home.Dispose();
        _shared.Dispose();
    }

    [Theory]
    [InlineData("HOME=/home/me", "/home/me/.local/state/registry-index/index.db")]
    [InlineData("HOME=/home/me XDG_STATE_HOME=/data/state", "/data/state/registry-index/index.db")]
    [InlineData("HOME=/home/me XDG_STATE_HOME=relative", "/home/me/.local/state/registry-index/index.db")]
    [InlineData("HOME=/home/me XDG_STATE_HOME=", "/home/me/.local/state/registry-index/index.db")]
    [InlineData("HOME=/home/me XDG_STATE_HOME=/data/state STATE_DIRECTORY=/var/lib/registry-index", "/var/lib/registry-index/index.db")]
    [InlineData("HOME=/home/me STATE_DIRECTORY=/var/lib/registry-index:/var/lib/other", "/var/lib/registry-index/index.db")]
    [InlineData("HOME=/home/me STATE_DIRECTORY=relative", "/home/me/.local/state/registry-index/index.db")]
    public void The_default_file_is_in_the_systems_state_directory(string environment, string file)
    {
        var variables = environment.Split(' ').ToDictionary(one => one.Split('=')[0], one => one.Split('=')[1]);
        DefaultDatabase.Find(variables.GetValueOrDefault, "/nowhere/at/all.db").Should().Be(new DefaultDatabase(file));
        DefaultSqliteFile.FindUrl(variables.GetValueOrDefault, "/nowhere/at/all.db").Should().Be("sqlite:///" + file);
    }

    [Fact]
    public void A_file_of_this_user_at_the_old_location_is_used_until_the_new_one_exists()
    {
        Find().Should().Be(new DefaultDatabase(Place, Old: Old));
        Find().File.Should().Be(Old);
        Directory.CreateDirectory(Path.GetDirectoryName(Place)!);
        File.WriteAllBytes(Place, []);
        Find().Should().Be(new DefaultDatabase(Place));
    }

    [Theory]
    [InlineData("link", "is a symbolic link")]
    [InlineData("dangling link", "is a symbolic link")]
    [InlineData("hard link", "has another hard link")]
    [InlineData("directory", "is not a file")]
    [InlineData("link as log", "docker-registry.db-wal is a symbolic link")]
    [InlineData("link as journal", "docker-registry.db-journal is a symbolic link")]
    [InlineData("open directory", "other users may write to the directory")]
    public async Task A_link_or_unsafe_file_at_the_old_location_is_ignored(string what, string problem)
    {
        var other = Path.Combine(_home.Path, "other.db");
        await File.WriteAllBytesAsync(other, new byte[4096], TestContext.Current.CancellationToken);
        switch (what)
        {
            case "link":
                File.Delete(Old);
                File.CreateSymbolicLink(Old, other);
                break;
            case "dangling link":
                File.Delete(Old);
                File.CreateSymbolicLink(Old, other + ".not");
                break;
            case "hard link":
                await RunAsync("ln", Old, Path.Combine(_shared.Path, "again"));
                break;
            case "directory":
                File.Delete(Old);
                Directory.CreateDirectory(Old);
                break;
            case "link as log":
                File.CreateSymbolicLink(Old + "-wal", other);
                break;
            case "link as journal":
                File.CreateSymbolicLink(Old + "-journal", other);
                break;
            case "open directory":
                File.SetUnixFileMode(_shared.Path, (UnixFileMode)0b000_111_111_111);
                break;
        }

        Find().Should().BeEquivalentTo(new { Place, Old = (string?)null, File = Place }).And.Subject.As<DefaultDatabase>().Ignored.Should().Contain(problem).And.NotEndWith(".");
    }

    [Theory]
    [InlineData("")]
    [InlineData("-wal")]
    [InlineData("-shm")]
    [InlineData("-journal")]
    public async Task A_file_of_another_user_at_the_old_location_is_ignored(string companion)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a file away.");
        await File.WriteAllBytesAsync(Old + companion, new byte[4096], TestContext.Current.CancellationToken);
        await RunAsync("chown", "nobody", Old + companion);
        Find().Should().Be(new DefaultDatabase(Place, Ignored: $"{Old}{companion} belongs to another user"));
    }

    [Fact]
    public async Task A_directory_of_another_user_is_not_used()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a directory away.");
        await RunAsync("chown", "nobody", _shared.Path);
        PrivatePlace.FindProblem(Old)?.Text.Should().Be($"the directory {_shared.Path} belongs to another user");
    }

    [Fact]
    public void An_empty_file_at_the_old_location_is_not_an_index()
    {
        File.WriteAllBytes(Old, []);
        Find().Should().Be(new DefaultDatabase(Place));
    }

    private static async Task RunAsync(string program, params string[] arguments) =>
        (await ProcessRunner.RunAsync(program, arguments)).ExitCode.Should().Be(0);

    private DefaultDatabase Find() => DefaultDatabase.Find(variable => variable == "HOME" ? _home.Path : null, Old);
}
