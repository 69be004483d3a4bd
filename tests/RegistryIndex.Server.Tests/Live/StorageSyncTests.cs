using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Server.Syncing;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Storage;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>Re-syncs with a storage instead of an API.</summary>
public sealed class StorageSyncTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_Python_registry_keeps_no_descriptions_so_those_of_the_index_stay()
    {
        foreach (var name in (string[])["library/a", "library/b", "library/c", "library/d", "library/e"])
        {
            var directory = Directory.CreateDirectory(Path.Combine(_directory.Path, "repositories", name)).FullName;
            await File.WriteAllTextAsync(Path.Combine(directory, "_index_images"), "[]");
        }

        await using var server = await RunningServer.StartAsync(("storage_path", _directory.Path));
        await server.Index.UpsertAsync(new("library/a", "By hand"));
        await server.Index.UpsertAsync(new("library/gone"));
        var result = await server.Services.GetRequiredService<Synchronizer>().RunAsync(new(), CancellationToken.None);
        result.Removed.Should().Be(1);
        result.IsClean.Should().BeTrue();
        (await server.Index.ListAsync().ToListAsync()).Should().HaveCount(5).And.Contain(new Repository("library/a", "By hand"));
    }

    [Fact]
    public async Task A_storage_that_is_not_mounted_removes_nothing()
    {
        var repositories = Directory.CreateDirectory(Path.Combine(_directory.Path, "docker", "registry", "v2", "repositories")).FullName;
        await using var server = await RunningServer.StartAsync(("storage_path", _directory.Path), ("Logging:LogLevel:Default", "None"));
        await server.Index.UpsertAsync(new("app"));
        var sync = server.Services.GetRequiredService<Synchronizer>();
        (await sync.RunAsync(new(IsForced: true), CancellationToken.None)).Should().Match<SyncResult>(result => result.IsEmpty && result.Removed == 0);
        Directory.Delete(repositories);
        await FluentActions.Awaiting(() => sync.RunAsync(new(IsForced: true), CancellationToken.None)).Should().ThrowAsync<RegistrySourceException>();
        (await server.Index.ListAsync().CountAsync()).Should().Be(1);
    }

    [Fact]
    public async Task A_namespace_whose_own_disk_is_not_mounted_stays_and_one_that_was_removed_goes()
    {
        foreach (var name in (string[])["alone", "mounted/app", "mounted/deep/web", "removed/app"])
            Write(name);
        await using var server = await RunningServer.StartAsync(("storage_path", _directory.Path), ("sync_interval", "0"), ("Logging:LogLevel:Default", "None"));
        while (await server.Index.ListAsync().CountAsync() < 4)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Directory.Delete(Repository("mounted"), recursive: true);
        Directory.CreateDirectory(Repository("mounted")); // the mount point
        Directory.Delete(Repository("removed"), recursive: true);
        var sync = server.Services.GetRequiredService<Synchronizer>();
        (await sync.RunAsync(new(IsForced: true), CancellationToken.None)).Should().Match<SyncResult>(result => result.Removed == 1 && result.Unclear == 2);
        (await server.Index.ListAsync().Select(repository => repository.Name).ToListAsync()).Should().Equal("alone", "mounted/app", "mounted/deep/web");

        Directory.Delete(Repository("mounted"));
        (await sync.RunAsync(new(), CancellationToken.None)).Should().Match<SyncResult>(result => result.Removed == 2 && result.Unclear == 0);
    }

    [Fact]
    public async Task Of_a_storage_whose_tags_were_all_deleted_by_the_registry_the_index_is_emptied_by_force_only()
    {
        string[] names = ["app", "team/web"];
        foreach (var name in names)
            Write(name);
        await using var server = await RunningServer.StartAsync(("storage_path", _directory.Path), ("sync_interval", "0"), ("Logging:LogLevel:Default", "None"));
        while (await server.Index.ListAsync().CountAsync() < 2)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        foreach (var name in names)
            Directory.Delete(Path.Combine(Repository(name), "_manifests", "tags", "latest"), recursive: true);
        var sync = server.Services.GetRequiredService<Synchronizer>();
        (await sync.RunAsync(new(), CancellationToken.None)).Should().Match<SyncResult>(result => result.Removed == 0 && result.Withheld == 2 && result.IsEmpty);
        (await sync.RunAsync(new(IsForced: true), CancellationToken.None)).Should().Match<SyncResult>(result => result.Removed == 2 && result.IsClean);
    }

    private string Repository(string name) => Path.Combine(_directory.Path, "docker", "registry", "v2", "repositories", name);

    private void Write(string name)
    {
        var current = Directory.CreateDirectory(Path.Combine(Repository(name), "_manifests", "tags", "latest", "current")).FullName;
        File.WriteAllText(Path.Combine(current, "link"), $"sha256:{new string('a', 64)}"); // whose manifest is missing: the repository is there all the same
    }
}
