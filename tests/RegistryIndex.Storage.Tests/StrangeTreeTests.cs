using System.Net.Sockets;
using RegistryIndex.Sources;
using RegistryIndex.Storage.Trees;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Storage.Tests;

/// <summary>Entries in a registry's storage that no registry creates, but people, tools and broken disks do.</summary>
public sealed class StrangeTreeTests : IAsyncDisposable
{
    private const string AsTheRegistry = "check that it is as the registry created it.";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly DistributionTree _tree = new();
    private readonly DistributionTree _outside = new();
    private readonly List<Socket> _sockets = [];

    public static TheoryData<string, string, bool> StrangeThings
    {
        get
        {
            var all = new TheoryData<string, string, bool>();
            foreach (var (place, isFile, isCertain) in ((string, bool, bool)[])[
                ("_manifests", false, false), ("_manifests/tags", false, false), ("_manifests/tags/latest", false, true), ("_manifests/tags/latest/current", false, true),
                ("_manifests/tags/latest/current/link", true, true), ("blob", true, true)])
            {
                foreach (var thing in (string[])["a FIFO", "a socket", "a device", "a link to itself", "two links in a circle", "a link to nowhere", "a link out of the storage", isFile ? "a directory" : "a file"])
                    all.Add(place, thing, isCertain);
            }

            return all;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _sockets.ForEach(socket => socket.Dispose());
        await ShellAsync("""rm -rf "$1" """, _tree.Repositories); // also entries whose names .NET cannot represent
        _outside.Dispose();
        _tree.Dispose();
    }

    [Theory]
    [MemberData(nameof(StrangeThings))]
    public async Task Unexpected_kinds_of_files_are_reported_do_not_block_and_hide_nothing(string place, string thing, bool isCertain)
    {
        foreach (var name in (string[])["a", "b", "c"])
            _tree.Add(name, $"about {name}");
        _outside.Add("b", "about b");
        var path = place == "blob" ? BlobPath("about b") : $"docker/registry/v2/repositories/b/{place}";
        await PutAsync(thing, path);
        var all = await _tree.Storage.ReadAllAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);
        all.Where((_, i) => i != 1).Select(stored => (stored.Repository.WithoutFacts(), stored.Problem)).Should().Equal((new("a", "about a"), null), (new Repository("c", "about c"), null));
        all[1].Should().Match<StoredRepository>(stored => stored.Repository.WithoutFacts() == new Repository("b") && stored.IsCertain == isCertain && stored.Failure == null);
        all[1].Problem.Should().Contain("cannot be read").And.NotContain("does not match its digest");
        if (isCertain)
            ((await _tree.Storage.FindAsync("b").WaitAsync(Limit, TestContext.Current.CancellationToken))! with { Tags = null }).Should().Be(all[1]);
        else
            (await FluentActions.Awaiting(() => _tree.Storage.FindAsync("b").WaitAsync(Limit)).Should().ThrowAsync<StorageException>()).Which.Message.Should().Be(all[1].Problem);
    }

    [Theory]
    [InlineData("a link to itself")]
    [InlineData("two links in a circle")]
    [InlineData("a link to nowhere")]
    [InlineData("a link out of the storage")]
    [InlineData("a link to what is above it")]
    public async Task A_link_that_is_not_followed_is_reported_and_its_repositories_are_uncertain(string thing)
    {
        foreach (var name in (string[])["a", "team/b", "team/deep/c", "z"])
            _tree.Add(name, $"about {name}");
        _outside.Add("deep/c", "from outside");
        await PutAsync(thing, "docker/registry/v2/repositories/team", "docker/registry/v2/repositories");
        var all = await _tree.Storage.ReadAllAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);
        all.Select(stored => (stored.Repository.Name, stored.IsCertain, stored.Problem is null)).Should().Equal(("a", true, true), ("team", false, false), ("z", true, true));
        all[1].Problem.Should().Contain($"'{Path.Combine(_tree.Repositories, "team")}'").And.Contain("cannot be read");
        if (thing != "a link to what is above it") // which contains the repositories in a way
        {
            foreach (var name in (string[])["team", "team/b", "team/deep/c"])
                await FluentActions.Awaiting(() => _tree.Storage.FindAsync(name)).Should().ThrowAsync<StorageException>();
        }
    }

    [Theory]
    [InlineData("docker")]
    [InlineData("docker/registry/v2/repositories")]
    public async Task If_everything_is_behind_a_link_out_of_the_storage_the_error_says_what_to_do(string path)
    {
        _outside.Add("a", "about a");
        Directory.Delete(Path.Combine(_tree.Path, path), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(_tree.Path, path), Path.Combine(_outside.Path, path));
        (await FluentActions.Awaiting(() => _tree.Storage.ReadAllAsync()).Should().ThrowAsync<StorageException>()).WithMessage("*a link leads out of the storage, and is not followed): mount its target.");
        await FluentActions.Awaiting(() => _tree.Storage.FindAsync("a")).Should().ThrowAsync<StorageException>();
    }

    [Fact]
    public async Task Links_within_the_storage_and_its_path_are_followed_also_when_replaced()
    {
        _tree.Add("team/app", "The app");
        Directory.CreateSymbolicLink(Path.Combine(_tree.Repositories, "alias"), "team");
        Directory.CreateSymbolicLink(Path.Combine(_tree.Repositories, "team/absolute"), Path.Combine(_tree.Repositories, "team/app"));
        string[] names = ["alias/app", "team/absolute", "team/app"];
        (await _tree.Storage.ReadAllAsync()).Where(stored => stored.IsCertain).Select(stored => (stored.Repository.Name, stored.Repository.Description)).Should().Equal(names.Select(name => (name, (string?)"The app")));

        using var links = new TemporaryDirectory();
        var link = Path.Combine(links.Path, "current");
        Directory.CreateSymbolicLink(link, _tree.Path);
        var storage = TestStorage.Of(new LocalTree(link));
        (await storage.FindAsync("alias/app", cancellationToken: TestContext.Current.CancellationToken))!.Repository.Description.Should().Be("The app");
        _outside.Add("other", "The other");
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, _outside.Path);
        (await storage.ReadAllAsync()).Should().ContainSingle().Which.Repository.WithoutFacts().Should().Be(new Repository("other", "The other"));
    }

    [Fact]
    public async Task A_second_link_on_a_path_is_not_followed()
    {
        for (var i = 0; i < 40; i++)
        {
            var directory = Directory.CreateDirectory(Path.Combine(_tree.Repositories, $"level-{i:d2}")).FullName;
            foreach (var name in (string[])["one", "two"])
                Directory.CreateSymbolicLink(Path.Combine(directory, name), $"../level-{(i + 1) % 40:d2}");
        }

        _tree.Add("level-07/app", "The app");
        var all = await _tree.Storage.ReadAllAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);
        all.Where(stored => stored.IsCertain).Select(stored => stored.Repository.Name).Should().Equal("level-06/one/app", "level-06/two/app", "level-07/app");
        all.Where(stored => !stored.IsCertain).Should().HaveCount(4 * 40).And.OnlyContain(stored => stored.Problem!.Contains("the second link on its path", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_name_that_is_not_UTF_8_is_reported()
    {
        _tree.Add("a", "about a");
        _tree.Add("team/z", "about z");
        await ShellAsync("""cd "$1" && for name in $'\xff\xfe' $'team/caf\xe9' $'team/\xc3' $'team/\xed\xa0\x80'; do mkdir -p "$name/_manifests/tags/latest/current" && echo sha256:0 > "$name/_manifests/tags/latest/current/link"; done""", _tree.Repositories);
        var all = await _tree.Storage.ReadAllAsync();
        all.Where(stored => stored.IsCertain).Select(stored => stored.Repository.WithoutFacts()).Should().Equal(new("a", "about a"), new Repository("team/z", "about z"));
        all.Where(stored => !stored.IsCertain).Should().HaveCount(4).And.OnlyContain(stored => stored.Problem!.Contains("(its name is not UTF-8): " + AsTheRegistry, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tag_whose_name_is_not_UTF_8_still_counts_as_a_tag()
    {
        _tree.Add("a", "about a");
        await ShellAsync("""cd "$1"/a/_manifests/tags && mv latest $'caf\xe9'""", _tree.Repositories);
        (await _tree.ReadOnlyOneAsync()).Should().Match<StoredRepository>(stored => stored.IsCertain && stored.Repository.WithoutFacts() == new Repository("a"));
    }

    [Fact]
    public async Task Directories_with_too_long_paths_are_reported_and_those_with_long_names_are_read()
    {
        _tree.Add("a", "about a");
        _tree.Add("z", "about z");
        var part = new string('n', 255);
        _tree.Add(string.Join('/', Enumerable.Repeat(part, 6)), "of 1,535 characters"); // more than any name may have
        const string Deepen = """cd "$1" && for i in $(seq "$2"); do mkdir -p "$3" && cd -P "$3" || exit 1; done""";
        await ShellAsync(Deepen, _tree.Repositories, "20", part);
        await ShellAsync(Deepen, _tree.Repositories, "15", string.Join('/', Enumerable.Repeat("deep", 100)));
        var all = await _tree.Storage.ReadAllAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);
        all.Where(stored => stored.IsCertain).Select(stored => (stored.Repository.Name.Length, stored.Repository.Description)).Should().Equal((1, "about a"), (1535, "of 1,535 characters"), (1, "about z"));
        var tooLong = all.Where(stored => !stored.IsCertain).ToList();
        tooLong.Select(stored => stored.Repository.Name[0]).Should().Equal('d', 'n');
        tooLong.Should().OnlyContain(stored => stored.Problem!.Contains("(File name too long)", StringComparison.Ordinal) && stored.Problem.Length < 600);
        foreach (var stored in all)
            (await _tree.Storage.ReadAllAsync(stored.Position)).Should().Equal(all[(all.IndexOf(stored) + (stored.IsCertain ? 1 : 0))..], "an unreadable directory may contain more");
    }

    [Fact]
    public async Task A_directory_that_disappears_during_the_reading_is_reported_and_the_rest_is_read()
    {
        foreach (var name in (string[])["a", "team/b", "team/c", "z"])
            _tree.Add(name);
        var position = (await _tree.Storage.ReadAllAsync())[1].Position;
        await PutAsync("a link out of the storage", "docker/registry/v2/repositories/team");
        (await _tree.Storage.ReadAllAsync(position)).Select(stored => (stored.Repository.Name, stored.IsCertain)).Should().Equal(("team", false), ("z", true));
    }

    [Fact]
    public async Task Many_links_out_of_the_storage_do_not_prevent_the_reading_of_the_rest()
    {
        for (var i = 0; i < 200; i++)
            Directory.CreateSymbolicLink(Path.Combine(_tree.Repositories, $"a-{i:d3}"), _outside.Path);
        _tree.Add("z", "about z");
        var all = await _tree.Storage.ReadAllAsync();
        all.Should().HaveCount(201);
        all[^1].Repository.WithoutFacts().Should().Be(new Repository("z", "about z"));
    }

    [Theory]
    [InlineData("a FIFO")]
    [InlineData("a link out of the storage")]
    [InlineData("a link to itself")]
    public async Task The_layout_of_the_Python_registry_is_read_in_the_same_way(string thing)
    {
        foreach (var name in (string[])["library/a", "library/b", "other/c"])
        {
            Directory.CreateDirectory(Path.Combine(_tree.Path, "repositories", name));
            await File.WriteAllTextAsync(Path.Combine(_tree.Path, "repositories", name, "_index_images"), "[]", TestContext.Current.CancellationToken);
        }

        Directory.CreateDirectory(Path.Combine(_outside.Path, "repositories/library/b"));
        await File.WriteAllTextAsync(Path.Combine(_outside.Path, "repositories/library/b/_index_images"), "[]", TestContext.Current.CancellationToken);
        await PutAsync(thing, "repositories/library/b");
        var all = await _tree.Storage.ReadAllAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);
        all.Where(stored => stored.IsCertain).Select(stored => stored.Repository.Name).Should().Equal("library/a", "other/c");
        if (thing != "a FIFO") // which is not a repository, like a file
            all.Should().ContainSingle(stored => stored.Repository.Name == "library/b" && !stored.IsCertain);
        await FluentActions.Awaiting(() => _tree.Storage.FindAsync("library/b").WaitAsync(Limit)).Should().ThrowAsync<StorageException>();
    }

    private static async Task ShellAsync(string script, params string[] arguments)
    {
        var done = await ProcessRunner.RunAsync("bash", ["-c", script, "bash", .. arguments], TestContext.Current.CancellationToken);
        done.ExitCode.Should().Be(0, done.Stderr);
    }

    private string BlobPath(string description)
    {
        var hex = _tree.Blob(_tree.Manifest(description))["sha256:".Length..];
        return $"docker/registry/v2/blobs/sha256/{hex[..2]}/{hex}/data";
    }

    /// <summary>Replaces an entry with something strange.</summary>
    private async Task PutAsync(string thing, string path, string? outside = null)
    {
        var full = Path.Combine(_tree.Path, path);
        if (Directory.Exists(full))
            Directory.Delete(full, recursive: true);
        File.Delete(full);
        switch (thing)
        {
            case "a FIFO":
                await ShellAsync("""mkfifo "$1" """, full);
                break;
            case "a device":
                var made = await ProcessRunner.RunAsync("mknod", [full, "c", "1", "5"], TestContext.Current.CancellationToken); // like /dev/zero
                Assert.SkipWhen(made.ExitCode != 0, "This user may not make devices.");
                break;
            case "a socket":
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                _sockets.Add(socket);
                var place = Path.Combine(_outside.Path, "s"); // with a short path, as sockets require
                socket.Bind(new UnixDomainSocketEndPoint(place));
                File.Move(place, full);
                break;
            case "a file":
                await File.WriteAllTextAsync(full, "a file", TestContext.Current.CancellationToken);
                break;
            case "a directory":
                Directory.CreateDirectory(full);
                break;
            case "a link to itself":
                File.CreateSymbolicLink(full, Path.GetFileName(full));
                break;
            case "two links in a circle":
                var other = Path.Combine(Directory.CreateDirectory(Path.Combine(_tree.Path, "elsewhere")).FullName, "other");
                File.CreateSymbolicLink(full, other);
                File.CreateSymbolicLink(other, full);
                break;
            case "a link to nowhere":
                File.CreateSymbolicLink(full, Path.Combine(_outside.Path, "nowhere"));
                break;
            case "a link to what is above it":
                File.CreateSymbolicLink(full, Path.GetDirectoryName(full)!);
                break;
            case "a link out of the storage":
                File.CreateSymbolicLink(full, Path.Combine(_outside.Path, outside ?? path));
                break;
            default:
                throw new ArgumentException(thing);
        }
    }
}
