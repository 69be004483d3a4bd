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
}
