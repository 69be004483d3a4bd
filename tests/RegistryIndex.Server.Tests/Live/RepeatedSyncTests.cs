using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Server.Tests.Facts;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Synchronization;
using RegistryIndex.Synchronization.Syncing;
using RegistryIndex.Testing.Registry;
using static RegistryIndex.Testing.Registry.HandMadeImages;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>The cost of a server's re-syncs for a real registry that posts all its events.</summary>
public sealed class RepeatedSyncTests
{
    [Fact]
    public async Task A_second_re_sync_of_a_server_pulls_only_changed_images()
    {
        await using var events = await EventCounter.StartAsync();
        await using var registry = await DockerRegistry.StartAsync(events.Configuration);
        using var images = new HandMadeImages(registry.Address);
        for (var i = 0; i < 40; i++)
            await images.ImageAsync($"team/app-{i:d2}", "latest", i % 2 == 0 ? [(Description, $"about {i}")] : null);
        await images.IndexAsync("index", "latest", [await images.ImageAsync("index", "x1", [(Description, "by a child")])]);
        await images.CacheAsync("cache", "latest");
        File.Delete(BlobOf(registry, await images.ImageAsync("gone", "latest", [(Description, "cannot be read")])));
        await File.WriteAllTextAsync(BlobOf(registry, await images.ImageAsync("garbage", "latest")), "garbage", TestContext.Current.CancellationToken);

        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await RunningServer.StartAsync(time, ("registry", $"http://{registry.Address}"), ("Logging:LogLevel:Default", "None"));
        await UntilSyncedAsync(1);
        (await events.TakePullsAsync(registry.Address)).Should().HaveCountGreaterThan(80);
        (await server.Index.ListAsync().CountAsync()).Should().Be(44);
        foreach (var sync in (int[])[2, 3])
        {
            await UntilSyncedAsync(sync);
            (await events.TakePullsAsync(registry.Address)).Should().BeEmpty();
        }

        await images.ImageAsync("team/app-07", "latest", [(Description, "has a description now")]);
        await UntilSyncedAsync(4);
        (await events.TakePullsAsync(registry.Address)).Should().NotBeEmpty().And.OnlyContain(pull => pull.Contains(" team/app-07 ", StringComparison.Ordinal));
        (await server.Index.GetAsync("team/app-07"))!.Description.Should().Be("has a description now");

        async Task UntilSyncedAsync(long number)
        {
            while (await server.Services.GetRequiredService<SyncLogMark>().ReadAsync(TestContext.Current.CancellationToken) is var log && log.Completed < number)
            {
                time.Advance(log.Begun == log.Completed ? TimeSpan.FromMinutes(30) : TimeSpan.FromMilliseconds(20)); // a running re-sync needs its time
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task The_re_syncs_of_a_new_server_pull_nothing_if_nothing_has_changed()
    {
        using var directory = new TemporaryDirectory();
        await using var events = await EventCounter.StartAsync();
        await using var registry = await DockerRegistry.StartAsync(events.Configuration);
        using var pushed = new PushedKinds(registry.Address);
        await pushed.PushAsync();
        await pushed.SignedIndexAsync("signed-index");
        List<Repository> before = [];
        for (var server = 1; server <= 3; server++)
        {
            await using var running = await RunningServer.StartAsync(
                ("registry", $"http://{registry.Address}"), ("sqlalchemy_index_database", $"sqlite:///{directory.Path}/index.db"), ("sync_interval", "0"), ("Logging:LogLevel:Default", "None"));
            for (var sync = 1; sync <= 2; sync++) // the second of the first server reads an index of attachments
                await running.Services.GetRequiredService<Synchronizer>().RunAsync(new SyncMode(), TestContext.Current.CancellationToken);
            var now = await running.Index.ListAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
            var pulls = await events.TakePullsAsync(registry.Address);
            if (server == 1)
                pulls.Should().NotBeEmpty();
            else
                pulls.Should().BeEmpty();
            if (server > 1)
                now.Should().Equal(before);
            before = now;
        }

        before.Should().HaveCount(PushedKinds.Names.Length + 1).And.OnlyContain(repository => repository.Facts != null);
        before.Single(repository => repository.Name == "signed-index").Facts!.IsSigned.Should().BeTrue();
    }

    private static string BlobOf(DockerRegistry registry, System.Text.Json.Nodes.JsonObject descriptor)
    {
        var hex = descriptor["digest"]!.GetValue<string>()["sha256:".Length..];
        return Path.Combine(registry.RootDirectory, "docker/registry/v2/blobs/sha256", hex[..2], hex, "data");
    }
}
