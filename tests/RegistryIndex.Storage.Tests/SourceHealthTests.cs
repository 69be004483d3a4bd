using RegistryIndex.Sources;
using RegistryIndex.Storage.Trees;

using RegistryIndex.Testing;

namespace RegistryIndex.Storage.Tests;

/// <summary>Many repositories that cannot be read, and a source that cannot be read.</summary>
public sealed class SourceHealthTests : IDisposable
{
    private readonly DistributionTree _tree = new();
    private Func<string, bool> _fails = _ => false;

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("b")] // with readable ones before and after
    [InlineData("0")] // without readable ones before
    public async Task Unreadable_repositories_do_not_prevent_the_reading_of_others(string broken)
    {
        foreach (var name in (string[])["a", "c", "d"])
            _tree.Add(name, $"about {name}");
        for (var i = 0; i < 50; i++)
            _tree.Add($"{broken}-{i:d2}");
        _fails = path => path.Contains($"/{broken}-", StringComparison.Ordinal) && path.EndsWith("/tags", StringComparison.Ordinal);
        var all = await Storage.ReadAllAsync();
        all.Should().HaveCount(53);
        all.Where(stored => stored.IsCertain).Select(stored => stored.Repository.WithoutFacts()).Should().Equal(new("a", "about a"), new("c", "about c"), new Repository("d", "about d"));
        all.Where(stored => !stored.IsCertain).Should().OnlyContain(stored => stored.Repository.Name.StartsWith(broken, StringComparison.Ordinal) && stored.Failure != null);
    }

    [Fact]
    public async Task If_a_repository_read_before_becomes_unreadable_the_source_has_failed()
    {
        for (var i = 0; i < 100; i++)
            _tree.Add($"app-{i:d2}");
        var isOnFire = false;
        _fails = path => (isOnFire |= path.Contains("/app-40/", StringComparison.Ordinal)) && path.EndsWith("/tags", StringComparison.Ordinal);
        var read = new List<StoredRepository>();
        var reading = async () =>
        {
            await foreach (var stored in Storage.ReadAsync(cancellationToken: TestContext.Current.CancellationToken))
                read.Add(stored);
        };
        await reading.Should().ThrowAsync<StorageException>();
        read.Count(stored => stored.IsCertain).Should().BeInRange(30, 41);
        read.Count(stored => !stored.IsCertain).Should().Be(16);
    }

    [Fact]
    public async Task If_no_repository_can_be_read_the_source_has_failed()
    {
        for (var i = 0; i < 200; i++)
            _tree.Add($"app-{i:d3}");
        _fails = path => path.EndsWith("/tags", StringComparison.Ordinal);
        await FluentActions.Awaiting(() => Storage.ReadAllAsync()).Should().ThrowAsync<StorageException>();
        await FluentActions.Awaiting(() => Storage.FindAsync("app-000")).Should().ThrowAsync<StorageException>();
    }

    [Fact]
    public async Task A_check_reads_a_repository_that_could_be_read_before_or_else_the_registry()
    {
        _tree.Add("app");
        var storage = Storage;
        await storage.CheckAsync(TestContext.Current.CancellationToken);
        await storage.FindAsync("app", cancellationToken: TestContext.Current.CancellationToken);
        await storage.CheckAsync(TestContext.Current.CancellationToken);
        _fails = path => path.EndsWith("app/_manifests/tags", StringComparison.Ordinal);
        await FluentActions.Awaiting(() => storage.CheckAsync()).Should().ThrowAsync<StorageException>();
        _fails = path => path.Length == 0;
        await FluentActions.Awaiting(() => Storage.CheckAsync()).Should().ThrowAsync<StorageException>();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(99)]
    public async Task The_source_is_healthy_while_one_repository_read_before_is_readable(int last)
    {
        for (var i = 0; i < 100; i++)
            _tree.Add($"app-{i:d2}");
        var storage = Storage;
        for (var i = 0; i <= last; i++)
            await storage.FindAsync($"app-{i:d2}", cancellationToken: TestContext.Current.CancellationToken);
        _fails = path => path.EndsWith($"/app-{last:d2}/_manifests/tags", StringComparison.Ordinal);
        await storage.CheckAsync(TestContext.Current.CancellationToken);
        _fails = path => path.EndsWith("/_manifests/tags", StringComparison.Ordinal);
        await FluentActions.Awaiting(() => storage.CheckAsync()).Should().ThrowAsync<StorageException>();
    }

    [Fact]
    public async Task If_the_repositories_read_before_are_gone_the_source_itself_is_checked()
    {
        _tree.Add("app-0");
        _tree.Add("app-1");
        var storage = Storage;
        await storage.FindAsync("app-0", cancellationToken: TestContext.Current.CancellationToken);
        await storage.FindAsync("app-1", cancellationToken: TestContext.Current.CancellationToken);
        Directory.Delete(Path.Combine(_tree.Repositories, "app-1"), recursive: true);
        _fails = path => path.EndsWith("/app-0/_manifests/tags", StringComparison.Ordinal);
        await FluentActions.Awaiting(() => storage.CheckAsync()).Should().ThrowAsync<StorageException>();
        _fails = _ => false;
        Directory.Delete(Path.Combine(_tree.Repositories, "app-0"), recursive: true);
        await storage.CheckAsync(TestContext.Current.CancellationToken);
        Directory.Delete(_tree.Repositories, recursive: true);
        await FluentActions.Awaiting(() => storage.CheckAsync()).Should().ThrowAsync<StorageException>();
    }

    private RegistryStorage Storage => TestStorage.Of(new WatchedTree(new LocalTree(_tree.Path))
    {
        Before = path =>
        {
            if (_fails(path))
                throw new StorageException("The disk is on fire.");
        },
    });
}
