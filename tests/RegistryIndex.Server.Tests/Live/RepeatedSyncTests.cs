using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Synchronization;
using RegistryIndex.Testing.Registry;
using static RegistryIndex.Testing.Registry.HandMadeImages;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>What the re-syncs of a server cost a real registry that posts all its events.</summary>
public sealed class RepeatedSyncTests
{
    [Fact]
    public async Task A_second_re_sync_of_a_server_is_no_pull_of_any_method_but_of_what_has_changed()
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

        await images.ImageAsync("team/app-07", "latest", [(Description, "has one now")]);
        await UntilSyncedAsync(4);
        (await events.TakePullsAsync(registry.Address)).Should().NotBeEmpty().And.OnlyContain(pull => pull.Contains(" team/app-07 ", StringComparison.Ordinal));
        (await server.Index.GetAsync("team/app-07"))!.Description.Should().Be("has one now");

        async Task UntilSyncedAsync(long number)
        {
            while (await server.Services.GetRequiredService<SyncLogMark>().ReadAsync(TestContext.Current.CancellationToken) is var log && log.Completed < number)
            {
                time.Advance(log.Begun == log.Completed ? TimeSpan.FromMinutes(30) : TimeSpan.FromMilliseconds(20)); // one that runs needs its time
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    private static string BlobOf(DockerRegistry registry, System.Text.Json.Nodes.JsonObject descriptor)
    {
        var hex = descriptor["digest"]!.GetValue<string>()["sha256:".Length..];
        return Path.Combine(registry.RootDirectory, "docker/registry/v2/blobs/sha256", hex[..2], hex, "data");
    }
}
