using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization;
using RegistryIndex.Synchronization.Syncing;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>Re-syncs with a storage instead of an API.</summary>
public sealed class StorageSyncTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Descriptions_stay_because_the_Python_registry_stores_none()
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
    public async Task A_re_sync_of_an_unmounted_storage_removes_nothing()
    {
        var repositories = Directory.CreateDirectory(Path.Combine(_directory.Path, "docker", "registry", "v2", "repositories")).FullName;
        await using var server = await RunningServer.StartAsync(("storage_path", _directory.Path), ("Logging:LogLevel:Default", "None"));
        await server.Index.UpsertAsync(new("app"));
        var sync = server.Services.GetRequiredService<Synchronizer>();
        (await sync.RunAsync(new() { IsForced = true }, CancellationToken.None)).Should().Match<SyncResult>(result => result.IsEmpty && result.Removed == 0);
        Directory.Delete(repositories);
        await FluentActions.Awaiting(() => sync.RunAsync(new() { IsForced = true }, CancellationToken.None)).Should().ThrowAsync<RegistrySourceException>();
        (await server.Index.ListAsync().CountAsync()).Should().Be(1);
    }

    [Fact]
    public async Task A_namespace_on_an_unmounted_disk_stays_and_a_removed_one_is_removed()
    {
        foreach (var name in (string[])["alone", "mounted/app", "mounted/deep/web", "removed/app"])
            Write(name);
        await using var server = await RunningServer.StartAsync(("storage_path", _directory.Path), ("sync_interval", "0"), ("Logging:LogLevel:Default", "None"));
        await Eventually.BeAsync(async () => await server.Index.ListAsync().CountAsync() >= 4);
        Directory.Delete(Repository("mounted"), recursive: true);
        Directory.CreateDirectory(Repository("mounted")); // the mount point
        Directory.Delete(Repository("removed"), recursive: true);
        var sync = server.Services.GetRequiredService<Synchronizer>();
        (await sync.RunAsync(new() { IsForced = true }, CancellationToken.None)).Should().Match<SyncResult>(result => result.Removed == 1 && result.Unclear == 2);
        (await server.Index.ListAsync().Select(repository => repository.Name).ToListAsync()).Should().Equal("alone", "mounted/app", "mounted/deep/web");

        Directory.Delete(Repository("mounted"));
        (await sync.RunAsync(new(), CancellationToken.None)).Should().Match<SyncResult>(result => result.Removed == 2 && result.Unclear == 0);
    }

    [Fact]
    public async Task After_the_deletion_of_all_tags_the_index_is_emptied_only_with_force()
    {
        string[] names = ["app", "team/web"];
        foreach (var name in names)
            Write(name);
        await using var server = await RunningServer.StartAsync(("storage_path", _directory.Path), ("sync_interval", "0"), ("Logging:LogLevel:Default", "None"));
        await Eventually.BeAsync(async () => await server.Index.ListAsync().CountAsync() >= 2);
        foreach (var name in names)
            Directory.Delete(Path.Combine(Repository(name), "_manifests", "tags", "latest"), recursive: true);
        var sync = server.Services.GetRequiredService<Synchronizer>();
        (await sync.RunAsync(new(), CancellationToken.None)).Should().Match<SyncResult>(result => result.Removed == 0 && result.Withheld == 2 && result.IsEmpty);
        (await sync.RunAsync(new() { IsForced = true }, CancellationToken.None)).Should().Match<SyncResult>(result => result.Removed == 2 && result.IsClean);
    }

    [Fact]
    public async Task The_server_reads_the_storage_every_six_hours_and_only_adds_and_updates()
    {
        await using var registry = await DockerRegistry.StartAsync();
        using var pusher = new RegistryPusher(registry.Address);
        await PushAsync("described", "by its image");
        await PushAsync("plain", null);
        await PushAsync("gone", "soon");
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await RunningServer.StartAsync(time, ("storage_path", registry.RootDirectory));
        await UntilAsync(list => list.Count == 3);
        await server.Index.UpsertAsync(new("plain", "by hand"));
        await server.Index.UpsertAsync(new("imported", "by hand"));
        await PushAsync("described", "by a newer image");
        await PushAsync("new", "pushed meanwhile");
        Directory.Delete(Path.Combine(registry.RootDirectory, "docker/registry/v2/repositories/gone"), recursive: true);
        await Eventually.BeAsync(async () =>
        {
            time.Advance(TimeSpan.FromHours(1));
            return (await ListAsync()).Count == 5;
        });

        (await ListAsync()).Should().Equal(
            new("described", "by a newer image"), new Repository("gone", "soon"), new("imported", "by hand"), new("new", "pushed meanwhile"), new("plain", "by hand"));
        (await server.Services.GetRequiredService<Synchronizer>().RunAsync(new() { ReadsAgain = true }, CancellationToken.None)).Removed.Should().Be(2);
        (await ListAsync()).Should().Equal(new("described", "by a newer image"), new Repository("new", "pushed meanwhile"), new("plain", null));

        async Task PushAsync(string name, string? description)
        {
            await pusher.PrepareAsync(name);
            await pusher.PushAsync(name, description);
        }

        async Task<List<Repository>> ListAsync() => await server.Index.ListAsync().Select(stored => new Repository(stored.Name, stored.Description)).ToListAsync();

        async Task UntilAsync(Func<List<Repository>, bool> isSo)
        {
            await Eventually.BeAsync(async () => isSo(await ListAsync()));
        }
    }

    [Fact]
    public async Task An_interval_of_a_year_is_possible()
    {
        Write("before");
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await RunningServer.StartAsync(time, ("storage_path", _directory.Path), ("sync_interval", "8760"), ("Logging:LogLevel:Default", "None"));
        await Eventually.BeAsync(async () => await server.Index.GetAsync("before") is not null);
        Write("after");
        var days = 0;
        await Eventually.BeAsync(async () =>
        {
            (await server.Client.GetStringAsync("/readyz", TestContext.Current.CancellationToken)).Should().Contain("\"problem\":null");
            time.Advance(TimeSpan.FromDays(1));
            days++;
            return await server.Index.GetAsync("after") is not null;
        });

        days.Should().BeGreaterThanOrEqualTo(365);
    }

    [Fact]
    public async Task Pushes_during_a_downtime_are_found_at_the_next_start_which_logs_its_work()
    {
        Write("before");
        string[] arguments = ["--storage-path", _directory.Path, "--database", $"sqlite:///{_directory.Path}/index.db"];
        await using (var first = await RegistryIndexProcess.ServeAsync(arguments))
        {
            await first.WaitForAsync("Loaded: 1 added");
            await first.StopAsync();
            first.Log.Should().Contain("are added to the index now and every 06:00:00; repositories that are gone stay until `registry-index sync`").And.NotContain("Synced with", "the storage has just been read");
        }

        Write("after");
        Directory.Delete(Repository("before"), recursive: true);
        await using var second = await RegistryIndexProcess.ServeAsync(arguments);
        await second.WaitForAsync("Synced with");
        second.Log.Should().Contain("1 added, 0 updated, 0 removed");
        (await RegistryIndexProcess.RunAsync(["export", "-f", "tsv", .. arguments])).Stdout.Should().Be("after\nbefore\n");
        (await RegistryIndexProcess.RunAsync(["sync", .. arguments])).Stderr.Should().Contain("1 removed");
    }

    [Fact]
    public async Task With_only_a_storage_pushes_and_deletions_are_indexed_by_their_events()
    {
        var root = Directory.CreateDirectory(Path.Combine(_directory.Path, "root")).FullName;
        await using var server = await RunningServer.StartAsync(("storage_path", root), ("Logging:LogLevel:Default", "None"));
        await using var registry = await DockerRegistry.StartAsync($$"""
            notifications:
              endpoints:
                - name: index
                  url: {{server.Client.BaseAddress}}events
                  timeout: 1s
                  threshold: 3
                  backoff: 200ms
            """, root);
        using var pusher = new RegistryPusher(registry.Address);
        await pusher.PrepareAsync("team/app");
        await pusher.PrepareAsync("team/web");
        await pusher.PushAsync("team/app", "The app");
        var digest = await pusher.PushAsync("team/web", "The front end");
        await UntilAsync(("team/app", "The app"), ("team/web", "The front end"));
        await pusher.PushAsync("team/app", "The app, rewritten");
        await pusher.DeleteAsync("team/web", digest);
        await UntilAsync(("team/app", "The app, rewritten"));

        async Task UntilAsync(params (string, string)[] expected)
        {
            await Eventually.BeAsync(async () => (await server.Index.ListAsync().Select(repository => (repository.Name, repository.Description!)).ToListAsync()).SequenceEqual(expected));
        }
    }

    private string Repository(string name) => Path.Combine(_directory.Path, "docker", "registry", "v2", "repositories", name);

    private void Write(string name)
    {
        var current = Directory.CreateDirectory(Path.Combine(Repository(name), "_manifests", "tags", "latest", "current")).FullName;
        File.WriteAllText(Path.Combine(current, "link"), $"sha256:{new string('a', 64)}"); // the manifest is missing, but the repository exists
    }
}
