using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Synchronization.Following;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>Repositories that are deleted on the registry's disk, as guides recommend, and a disk that only appears to be empty.</summary>
public sealed class EmptiedRegistryTests : IAsyncLifetime
{
    private static readonly (string, string?)[] Whole = [("team/app", "The app"), ("team/old", "The old app"), ("team/web", "The front end")];
    private LiveRegistry _live = null!;

    private string Repositories => Path.Combine(_live.Registry.RootDirectory, "docker", "registry", "v2", "repositories");

    public async ValueTask InitializeAsync()
    {
        _live = await LiveRegistry.StartAsync(events: "http://127.0.0.1:9/nobody", settings: ("sync_interval", "0"));
        foreach (var (name, description) in Whole)
        {
            await _live.Pusher.PrepareAsync(name);
            await _live.Pusher.PushAsync(name, description);
        }

        (await RegistryIndexProcess.RunAsync(_live.Arguments("sync"))).ExitCode.Should().Be(0);
    }

    public ValueTask DisposeAsync() => _live.DisposeAsync();

    [Fact]
    public async Task A_re_sync_removes_one_of_three_repositories_and_the_last_ones_only_with_force()
    {
        Directory.Delete(Path.Combine(Repositories, "team", "old"), recursive: true);
        var one = await RegistryIndexProcess.RunAsync(_live.Arguments("sync"));
        one.ExitCode.Should().Be(0, one.Stderr);
        (await _live.ListAsync()).Should().Equal(("team/app", "The app"), ("team/web", "The front end"));

        Directory.Delete(Path.Combine(Repositories, "team"), recursive: true);
        (await RegistryIndexProcess.RunAsync(_live.Arguments("sync"))).ExitCode.Should().Be(1);
        (await RegistryIndexProcess.RunAsync(_live.Arguments("sync", "--dry-run", "--force"))).Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should().BeEquivalentTo("- team/app", "- team/web");
        (await _live.ListAsync()).Should().HaveCount(2);
        var all = await RegistryIndexProcess.RunAsync(_live.Arguments("sync", "--force"));
        all.ExitCode.Should().Be(0, all.Stderr);
        (await _live.ListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task After_the_deletion_of_all_images_by_the_API_the_index_is_emptied_only_with_force()
    {
        foreach (var (name, description) in Whole)
            await _live.Pusher.DeleteAsync(name, await _live.Pusher.PushAsync(name, description));
        (await RegistryIndexProcess.RunAsync(_live.Arguments("sync"))).Stderr.Should().Contain("3 withheld");
        (await _live.ListAsync()).Should().Equal(Whole);
        (await RegistryIndexProcess.RunAsync(_live.Arguments("sync", "--force"))).ExitCode.Should().Be(0);
        (await _live.ListAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("push")]
    [InlineData("delete")]
    public async Task While_the_disk_is_unmounted_events_remove_nothing(string action)
    {
        var (root, away) = (_live.Registry.RootDirectory, _live.Registry.RootDirectory + ".away");
        Directory.Move(root, away);
        Directory.CreateDirectory(root); // the mount point
        _live.Proxy.Forget();
        foreach (var (name, _) in Whole)
        {
            using var events = new StringContent($$$"""{"events":[{"action":"{{{action}}}","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","repository":"{{{name}}}","tag":"latest"}}]}""", System.Text.Encoding.UTF8, "application/json");
            (await _live.Here!.Client.PostAsync("/events", events)).StatusCode.Should().Be(HttpStatusCode.Accepted);
        }

        // A repository that is looked up again was not found the first time.
        var pending = _live.Here!.Services.GetRequiredService<PendingRepositories>();
        await Eventually.BeAsync(() =>
        {
            pending.Hurry();
            return _live.Proxy.Lookups.Count == Whole.Length && _live.Proxy.Lookups.Values.All(times => times > 1) && _live.Proxy.Paths.Contains("/v2/_catalog");
        });
        (await _live.ListAsync()).Should().Equal(Whole);

        Directory.Delete(root, recursive: true);
        Directory.Move(away, root);
        pending.Hurry();
        await _live.WaitForReadinessAsync(following => following["pending"]!.GetValue<int>() == 0 && following["up"]!.GetValue<bool>());
        (await _live.ListAsync()).Should().Equal(Whole);
    }
}
