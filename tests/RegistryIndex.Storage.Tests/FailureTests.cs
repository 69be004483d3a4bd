using RegistryIndex.Sources;
using RegistryIndex.Storage.Trees;

using RegistryIndex.Testing;

namespace RegistryIndex.Storage.Tests;

public sealed class FailureTests : IDisposable
{
    private readonly DistributionTree _tree = new();

    public static TheoryData<string> Places =>
        ["", "docker/registry/v2", "docker/registry/v2/repositories"];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_failed_read_of_the_root_is_an_error_and_not_an_empty_result(string place)
    {
        foreach (var name in (string[])["team/a", "team/b", "z"])
            _tree.Add(name);
        var tree = new WatchedTree(new LocalTree(_tree.Path))
        {
            Before = path =>
            {
                if (path == place)
                    throw new StorageException("The disk is on fire.");
            },
        };
        var reading = async () => await ReadAllAsync(tree);
        (await reading.Should().ThrowAsync<StorageException>()).WithMessage("The disk is on fire.");
    }

    [Theory]
    [InlineData("team")]
    [InlineData("team/b")]
    [InlineData("z")] // the last
    public async Task An_unreadable_directory_is_reported_and_everything_beside_it_is_read_from_every_position(string place)
    {
        string[] names = ["a", "team/a", "team/b", "team/b/c", "y", "z"];
        foreach (var name in names)
            _tree.Add(name, $"about {name}");
        var before = await _tree.Storage.ReadAllAsync();
        var tree = new WatchedTree(new LocalTree(_tree.Path))
        {
            Before = path =>
            {
                if (path == $"docker/registry/v2/repositories/{place}")
                    throw new StorageException("The disk is on fire.");
            },
        };
        var all = await ReadAllAsync(tree);
        all.Single(stored => !stored.IsCertain).Should().Match<StoredRepository>(stored => stored.Repository.WithoutFacts() == new Repository(place) && stored.Problem == "The disk is on fire." && stored.HidesOthers);
        all.Where(stored => stored.IsCertain).Should().Equal(before.Where(stored => !$"{stored.Repository.Name}/".StartsWith($"{place}/", StringComparison.Ordinal)));
        foreach (var stored in before)
        {
            var rest = await TestStorage.Of(tree).ReadAllAsync(stored.Position);
            rest.Where(one => one.IsCertain).Should().Equal(all.Where(one => one.IsCertain && before.FindIndex(it => it.Position == one.Position) > before.IndexOf(stored)));
            rest.Count(one => !one.IsCertain).Should().Be(string.CompareOrdinal(stored.Repository.Name, place) < 0 || stored.Repository.Name.StartsWith($"{place}/", StringComparison.Ordinal) || stored.Repository.Name == place ? 1 : 0);
        }
    }

    [Theory]
    [InlineData("docker/registry/v2/repositories/team/b/_manifests/tags", false)]
    [InlineData("docker/registry/v2/repositories/team/b/_manifests/tags/latest/current/link", false)]
    [InlineData("docker/registry/v2/blobs", true)]
    public async Task A_failure_of_one_repository_is_reported_for_it_and_the_others_are_read(string place, bool isCertain)
    {
        foreach (var name in (string[])["team/a", "team/b", "z"])
            _tree.Add(name, $"about {name}");
        var blobOfB = _tree.Blob(_tree.Manifest("about team/b"))["sha256:".Length..];
        var tree = new WatchedTree(new LocalTree(_tree.Path))
        {
            Before = path =>
            {
                if (path == place || (place.EndsWith("blobs", StringComparison.Ordinal) && path.Contains(blobOfB, StringComparison.Ordinal)))
                    throw new StorageException("The disk is on fire.");
            },
        };
        var all = await ReadAllAsync(tree);
        all.Select(stored => (stored.Repository.WithoutFacts(), stored.IsCertain, stored.Problem)).Should().Equal(
            (new("team/a", "about team/a"), true, null), (new("team/b"), isCertain, "The disk is on fire."), (new Repository("z", "about z"), true, null));
        all[1].Failure.Should().NotBeNull();
    }

    [Fact]
    public async Task Reading_can_be_resumed_after_a_failure()
    {
        foreach (var name in (string[])["a", "b", "c", "d", "e", "f", "g", "h"])
            _tree.Add(name);
        var (isBroken, isMended) = (false, false);
        var tree = new WatchedTree(new LocalTree(_tree.Path))
        {
            Before = path =>
            {
                if (isMended || !(isBroken |= path.EndsWith("repositories/g", StringComparison.Ordinal)))
                    return;
                throw new StorageException("The disk is on fire.");
            },
        };
        var (names, position) = (new List<string>(), default(string));
        try
        {
            await foreach (var stored in TestStorage.Of(tree).ReadAsync(cancellationToken: TestContext.Current.CancellationToken))
            {
                if (!stored.IsCertain)
                    continue;
                names.Add(stored.Repository.Name);
                position = stored.Position;
            }
        }
        catch (StorageException)
        {
            isMended = true;
        }

        isMended.Should().BeTrue();
        await foreach (var stored in TestStorage.Of(tree).ReadAsync(position, cancellationToken: TestContext.Current.CancellationToken))
            names.Add(stored.Repository.Name);
        names.Should().Equal("a", "b", "c", "d", "e", "f", "g", "h");
    }

    [Fact]
    public async Task An_unreadable_directory_of_tags_is_reported_and_its_repository_is_uncertain()
    {
        _tree.Add("shop", "There");
        Directory.CreateDirectory(Path.Combine(_tree.Repositories, "web/_manifests"));
        var tags = Path.Combine(_tree.Repositories, "web/_manifests/tags");
        Directory.CreateSymbolicLink(tags, tags);
        var all = await _tree.Storage.ReadAllAsync();
        all[0].Repository.WithoutFacts().Should().Be(new Repository("shop", "There"));
        all[1].IsCertain.Should().BeFalse();
        all[1].Problem.Should().Contain($"'{tags}'").And.Contain("cannot be read").And.Contain("check that");
        (await FluentActions.Awaiting(() => _tree.Storage.FindAsync("web")).Should().ThrowAsync<StorageException>()).Which.Message.Should().Be(all[1].Problem);
    }

    [Theory]
    [InlineData("tags/latest/current/link")]
    [InlineData("blob")]
    public async Task An_unreadable_file_is_a_problem_of_its_image_that_names_the_file(string which)
    {
        _tree.Add("web", "of latest");
        _tree.Add("web", "of 1.0", "1.0");
        var blob = _tree.Blob(_tree.Manifest("of latest"))["sha256:".Length..];
        var file = which == "blob" ? Path.Combine(_tree.Path, $"docker/registry/v2/blobs/sha256/{blob[..2]}/{blob}/data") : Path.Combine(_tree.Repositories, "web/_manifests", which);
        File.Delete(file);
        Directory.CreateDirectory(file); // which is not a file
        var stored = await _tree.ReadOnlyOneAsync();
        stored.Should().Match<StoredRepository>(web => web.IsCertain && web.Failure == null);
        stored.Repository.WithoutFacts().Should().Be(new Repository("web", "of 1.0"), "it is the only readable description");
        stored.Problem.Should().StartWith("The description of tag 'latest' cannot be read: the file ").And.Contain($"'{file}'").And.EndWith(".").And.NotContain("..");
        ((await _tree.Storage.FindAsync("web"))! with { Tags = null }).Should().Be(stored);
    }

    [Fact]
    public async Task A_missing_storage_path_is_an_error_that_names_it()
    {
        var path = Path.Combine(_tree.Path, "nowhere");
        var reading = async () => await ReadAllAsync(new LocalTree(path));
        (await reading.Should().ThrowAsync<StorageException>())
            .WithMessage($"The directory '{path}' does not exist: set storage_path to the directory that contains docker/registry/v2 (distribution) or repositories (Python docker-registry).");
    }

    [Fact]
    public async Task A_storage_path_that_is_a_file_is_an_error()
    {
        var path = Path.Combine(_tree.Path, "file");
        await File.WriteAllTextAsync(path, "", TestContext.Current.CancellationToken);
        var reading = async () => await ReadAllAsync(new LocalTree(path));
        (await reading.Should().ThrowAsync<StorageException>()).WithMessage($"The directory '{path}' *(it is not a directory): set storage_path to the directory that contains *");
    }

    [Fact]
    public async Task A_directory_without_a_registry_is_an_error_that_says_what_was_expected()
    {
        Directory.Delete(Path.Combine(_tree.Path, "docker"), recursive: true);
        var reading = async () => await _tree.ReadAsync();
        (await reading.Should().ThrowAsync<StorageException>())
            .WithMessage($"No registry was found in '{_tree.Path}', neither docker/registry/v2/repositories nor repositories: set storage_path to *");
    }

    [Fact]
    public async Task A_storage_path_within_a_registry_is_an_error_and_not_an_empty_registry()
    {
        _tree.Add("team/web");
        var reading = async () => await ReadAllAsync(new LocalTree(Path.Combine(_tree.Path, "docker/registry/v2")));
        (await reading.Should().ThrowAsync<StorageException>()).WithMessage("*is a directory inside a distribution registry's storage: set storage_path to *");
    }

    [Fact]
    public async Task A_root_that_disappears_is_an_error()
    {
        _tree.Add("team/web");
        var tree = new WatchedTree(new LocalTree(_tree.Path))
        {
            Before = path =>
            {
                if (path.EndsWith("/repositories", StringComparison.Ordinal))
                    Directory.Delete(_tree.Repositories, recursive: true);
            },
        };
        var reading = async () => await ReadAllAsync(tree);
        (await reading.Should().ThrowAsync<StorageException>()).WithMessage("*does not exist any more*");
    }

    [Theory]
    [InlineData("repositories/b")]
    [InlineData("repositories/b/_manifests/tags")]
    [InlineData("repositories/b/_manifests/tags/latest/current/link")]
    [InlineData("blobs")]
    public async Task A_repository_deleted_during_the_reading_is_not_found(string place)
    {
        _tree.Add("a", "about a");
        _tree.Tag("b", "latest", _tree.Blob(_tree.Manifest("about b")));
        _tree.Add("c", "about c");
        var blobOfB = Directory.GetFiles(Path.Combine(_tree.Path, "docker/registry/v2/blobs"), "data", SearchOption.AllDirectories)
            .Single(file => File.ReadAllText(file).Contains("about b", StringComparison.Ordinal));
        var tree = new WatchedTree(new LocalTree(_tree.Path))
        {
            Before = path =>
            {
                if (!path.EndsWith(place, StringComparison.Ordinal) && !(place == "blobs" && blobOfB.EndsWith(path, StringComparison.Ordinal)))
                    return;
                Directory.Delete(Path.Combine(_tree.Repositories, "b"), recursive: true);
                File.Delete(blobOfB);
            },
        };
        (await ReadAllAsync(tree)).Select(stored => (stored.Repository.Name, stored.Problem)).Should().Equal(("a", null), ("c", null));
    }

    [Fact]
    public async Task A_tag_moved_during_the_reading_is_read_again()
    {
        var old = _tree.Blob(_tree.Manifest("old"));
        _tree.Tag("web", "latest", old);
        var tree = new WatchedTree(new LocalTree(_tree.Path))
        {
            Before = path =>
            {
                if (!path.EndsWith($"{old["sha256:".Length..]}/data", StringComparison.Ordinal))
                    return;
                _tree.Tag("web", "latest", _tree.Blob(_tree.Manifest("new")));
                File.Delete(Path.Combine(_tree.Path, path));
            },
        };
        (await ReadAllAsync(tree)).Should().ContainSingle().Which.Should().Match<StoredRepository>(
            stored => stored.Repository.Description == "new" && stored.Problem == null);
    }

    [Fact]
    public async Task Reading_can_be_cancelled_while_the_disk_hangs()
    {
        for (var i = 0; i < 20; i++)
            _tree.Add($"web{i}");
        var hanging = new TaskCompletionSource();
        var tree = new WatchedTree(new LocalTree(_tree.Path))
        {
            BeforeAsync = async (path, token) =>
            {
                if (!path.Contains("/blobs/", StringComparison.Ordinal))
                    return;
                hanging.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            },
        };
        using var stop = new CancellationTokenSource();
        var reading = TestStorage.Of(tree).ReadAsync(cancellationToken: stop.Token).ToListAsync(CancellationToken.None).AsTask();
        await hanging.Task;
        await stop.CancelAsync();
        var ended = () => reading;
        await ended.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task The_order_is_kept_although_some_descriptions_take_longer()
    {
        var names = Enumerable.Range(10, 40).Select(i => $"web{i}").ToList();
        names.ForEach(name => _tree.Add(name, $"about {name}"));
        var tree = new WatchedTree(new LocalTree(_tree.Path))
        {
            BeforeAsync = (path, token) => Task.Delay(path.Length == 0 ? 0 : path.Sum(c => c) % 7, token),
        };
        (await ReadAllAsync(tree)).Select(stored => stored.Repository.WithoutFacts()).Should().Equal(names.Select(name => new Repository(name, $"about {name}")));
    }

    [Fact]
    public async Task A_reader_that_stops_early_has_read_little()
    {
        for (var i = 0; i < 200; i++)
            _tree.Add($"web{i}", "many");
        var tree = new WatchedTree(new LocalTree(_tree.Path));
        await TestStorage.Of(tree).ReadAsync(cancellationToken: TestContext.Current.CancellationToken).FirstAsync(TestContext.Current.CancellationToken);
        tree.Files.Should().HaveCountLessThan(30);
    }

    public void Dispose() => _tree.Dispose();

    private static Task<List<StoredRepository>> ReadAllAsync(IStorageTree tree) => TestStorage.Of(tree).ReadAllAsync();
}
