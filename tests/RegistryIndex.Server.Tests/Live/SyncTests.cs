using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization;
using RegistryIndex.Synchronization.Following;
using RegistryIndex.Synchronization.Refreshing;
using RegistryIndex.Synchronization.Syncing;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>The command <c>sync</c> and its safeguards.</summary>
public sealed class SyncTests : IAsyncLifetime
{
    private const int Repositories = 10;
    private LiveRegistry _live = null!;

    public async ValueTask InitializeAsync()
    {
        _live = await LiveRegistry.StartAsync(events: "http://127.0.0.1:9/nobody", settings: ("sync_interval", "0"));
        for (var i = 0; i < Repositories; i++)
        {
            await _live.Pusher.PrepareAsync($"app-{i}");
            await _live.Pusher.PushAsync($"app-{i}", $"build {i}");
        }
    }

    public ValueTask DisposeAsync() => _live.DisposeAsync();

    [Fact]
    public async Task A_large_share_of_the_index_is_removed_only_with_force()
    {
        string[] gone = ["gone-0", "gone-1", "gone-2", "gone-3", "gone-4", "gone-5"];
        foreach (var name in gone)
            await _live.Here!.Index.UpsertAsync(new(name));
        (await SyncAsync()).Should().Match<SyncResult>(result => result.Written.Added == 10 && result.Withheld == 6 && result.Removed == 0);
        var command = await RegistryIndexProcess.RunAsync(_live.Arguments("sync"));
        command.ExitCode.Should().Be(1);
        command.Stderr.Should().Contain("10 unchanged").And.Contain("6 withheld").And.Contain("run sync --force");
        (await _live.ListAsync()).Should().HaveCount(16);

        var lines = new List<string>();
        await SyncAsync(new() { IsDryRun = true, IsForced = true, Changed = lines.Add });
        lines.Should().BeEquivalentTo(gone.Select(name => $"- {name}"));
        (await _live.ListAsync()).Should().HaveCount(16);

        (await SyncAsync(new() { IsForced = true })).Should().Match<SyncResult>(result => result.Removed == 6 && result.IsClean);
        (await _live.ListAsync()).Should().HaveCount(10);
    }

    [Theory]
    [InlineData(5, "20", 5)]
    [InlineData(6, "20", 0)]
    [InlineData(8, "50", 8)]
    [InlineData(1, "0", 0)]
    public async Task A_few_repositories_are_removed_even_if_they_are_a_large_share_unless_the_limit_is_0(int gone, string allowed, int removed)
    {
        for (var i = 0; i < gone; i++)
            await _live.Here!.Index.UpsertAsync(new($"gone-{i}"));
        var command = await RegistryIndexProcess.RunAsync(_live.Arguments("sync", "--set", $"sync_max_deletions={allowed}"));
        command.Stderr.Should().Contain($" {removed} removed").And.Contain($" {gone - removed} withheld");
        command.ExitCode.Should().Be(removed == gone ? 0 : 1);
        (await _live.ListAsync()).Should().HaveCount(Repositories + gone - removed);
    }

    [Fact]
    public async Task An_empty_catalog_removes_nothing_and_with_force_only_repositories_that_the_registry_does_not_have()
    {
        await SyncAsync();
        await _live.Here!.Index.UpsertAsync(new("gone"));
        _live.Proxy.Fault = context => CatalogAsync(context, """{"repositories":[]}""");
        var result = await RegistryIndexProcess.RunAsync(_live.Arguments("sync"));
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("The registry lists no repositories, so the ").And.Contain(" repositories of the index stay.").And.Contain("--dry-run --force");
        (await _live.ListAsync()).Should().HaveCount(Repositories + 1);

        (await RegistryIndexProcess.RunAsync(_live.Arguments("sync", "--dry-run", "--force"))).Stdout.Should().Be("- gone\n");
        (await _live.ListAsync()).Should().HaveCount(Repositories + 1);

        result = await RegistryIndexProcess.RunAsync(_live.Arguments("sync", "--force"));
        result.ExitCode.Should().Be(0, result.Stderr);
        (await _live.ListAsync()).Should().HaveCount(Repositories).And.NotContain(("gone", null));
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(404, "<html>no such page</html>")]
    [InlineData(401, "")]
    public async Task With_force_only_repositories_that_the_registry_reports_as_gone_are_removed(int status, string body)
    {
        await _live.Here!.Index.UpsertAsync(new("gone"));
        await _live.Here!.Index.UpsertAsync(new("hidden"));
        _live.Proxy.Fault = async context =>
        {
            if (await CatalogAsync(context, """{"repositories":[]}"""))
                return true;
            if (!context.Request.Path.Value!.Contains("/hidden/", StringComparison.Ordinal))
                return false;
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
            return true;
        };
        var result = await RegistryIndexProcess.RunAsync(_live.Arguments("sync", "--force"));
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("1 removed").And.Contain("1 unclear").And.Contain("hidden: ");
        (await _live.ListAsync()).Should().Equal(("hidden", null));
    }

    [Fact]
    public async Task A_registry_that_loses_its_storage_after_the_catalog_was_read_removes_nothing()
    {
        await SyncAsync();
        await _live.Here!.Index.UpsertAsync(new("team/here"));
        var catalogs = 0;
        _live.Proxy.Fault = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/_catalog", StringComparison.Ordinal))
                return await CatalogAsync(context, Interlocked.Increment(ref catalogs) == 1 ? """{"repositories":["app-1","app-2","app-3","app-4","app-5","app-6","app-7","app-8","app-9"]}""" : """{"repositories":[]}""");
            if (Volatile.Read(ref catalogs) == 0 || !context.Request.Path.Value.EndsWith("0/tags/list", StringComparison.Ordinal))
                return false;
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("""{"errors":[{"code":"NAME_UNKNOWN"}]}""");
            return true;
        };
        (await SyncAsync()).Should().Match<SyncResult>(result => result.Removed == 0 && result.Withheld == 2 && result.IsEmpty);
        (await _live.ListAsync()).Should().HaveCount(Repositories + 1);
    }

    [Fact]
    public async Task A_repository_missing_from_the_catalog_is_looked_up_and_stays_if_it_exists()
    {
        await SyncAsync();
        _live.Proxy.Fault = context => CatalogAsync(context, """{"repositories":["app-1","app-2","app-3","app-4","app-5","app-6","app-7","app-8"]}""");
        (await SyncAsync()).Should().Match<SyncResult>(result => result.Removed == 0 && result.Withheld == 0 && result.IsClean);
        (await _live.ListAsync()).Should().HaveCount(Repositories);
    }

    [Fact]
    public async Task A_truncated_catalog_removes_nothing()
    {
        await SyncAsync();
        _live.Proxy.Fault = async context =>
        {
            if (context.Request.Query.ContainsKey("last"))
                context.Abort();
            else
                context.Response.Headers.Link = "</v2/_catalog?n=1&last=app-1>; rel=\"next\"";
            return context.Request.Query.ContainsKey("last") || await CatalogAsync(context, """{"repositories":["app-1"]}""");
        };
        await FluentActions.Awaiting(() => SyncAsync(new() { IsForced = true })).Should().ThrowAsync<RegistrySourceException>();
        (await _live.ListAsync()).Should().HaveCount(Repositories);
    }

    [Fact]
    public async Task A_repository_that_the_registry_cannot_look_up_stays_and_the_others_are_synced()
    {
        await SyncAsync();
        await _live.Pusher.PushAsync("app-4", "a newer build");
        _live.Proxy.Fault = context =>
        {
            var isBroken = context.Request.Path.Value!.Contains("/app-3/", StringComparison.Ordinal);
            if (isBroken)
                context.Response.StatusCode = 500;
            return Task.FromResult(isBroken);
        };
        (await SyncAsync()).Should().Match<SyncResult>(result => result.Written.Updated == 1 && result.Written.Unchanged == 8 && result.Unclear == 1 && result.Removed == 0);
        (await _live.ListAsync()).Should().HaveCount(Repositories).And.Contain(("app-3", "build 3")).And.Contain(("app-4", "a newer build"));
    }

    [Fact]
    public async Task A_re_sync_costs_a_page_of_the_catalog_and_three_requests_for_each_repository()
    {
        _live.Proxy.Forget();
        await SyncAsync();
        _live.Proxy.Paths.Should().HaveCount(1 + (3 * Repositories));
    }

    [Fact]
    public async Task A_re_sync_does_not_overwrite_the_newer_write_of_an_event()
    {
        var refresh = _live.Here!.Services.GetRequiredService<RepositoryRefresh>();
        var isPushed = 0;
        _live.Proxy.Fault = async context =>
        {
            if (context.Request.Path == "/v2/app-9/tags/list" && Interlocked.Exchange(ref isPushed, 1) == 0)
            {
                await Eventually.BeAsync(() => _live.Proxy.Answered.Contains("/v2/app-0/manifests/latest")); // the re-sync has read app-0, which it writes at its end
                await _live.Pusher.PushAsync("app-0", "pushed meanwhile");
                await refresh.RunAsync("app-0", RepositoryNotice.Pushed, pushedAt: null, CancellationToken.None);
            }

            return false;
        };
        await SyncAsync();
        (await _live.ListAsync()).Should().Contain(("app-0", "pushed meanwhile"));
    }

    [Fact]
    public async Task Events_not_looked_up_before_the_shutdown_are_left_to_a_re_sync()
    {
        _live.Proxy.Fault = context =>
        {
            context.Response.StatusCode = 500;
            return Task.FromResult(true);
        };
        using var events = new StringContent("""{"events":[{"action":"delete","target":{"repository":"app-1","tag":"latest"}}]}""", System.Text.Encoding.UTF8, "application/json");
        (await _live.Here!.Client.PostAsync("/events", events)).IsSuccessStatusCode.Should().BeTrue();
        await _live.Here.StopAsync();
        (await RegistryIndexProcess.RunAsync(_live.Arguments("status", "--json"))).Stdout.Should().Contain("\"sync_needed\":true");
        _live.Proxy.Fault = _ => Task.FromResult(false);
        (await RegistryIndexProcess.RunAsync(_live.Arguments("sync"))).ExitCode.Should().Be(0);
        (await RegistryIndexProcess.RunAsync(_live.Arguments("status", "--json"))).Stdout.Should().Contain("\"sync_needed\":false");
    }

    [Fact]
    public async Task A_look_up_that_fails_during_the_shutdown_is_tried_again()
    {
        var services = _live.Here!.Services.GetServices<IHostedService>().ToArray();
        await services.OfType<SourceProbe>().Single().StopAsync(CancellationToken.None); // it may have found no registry yet
        await NoteAsync("app-0");
        await _live.WaitForAllAsync(() => [("app-0", "build 0")]); // so the registry is known to answer
        var (isFailed, ending) = (0, new TaskCompletionSource());
        _live.Proxy.Fault = async context =>
        {
            if (context.Request.Path != "/v2/app-1/tags/list" || Interlocked.Exchange(ref isFailed, 1) != 0)
                return false;
            await ending.Task;
            context.Response.StatusCode = 401;
            return true;
        };
        await NoteAsync("app-1");
        var stopping = services.OfType<Follower>().Single().StopAsync(CancellationToken.None);
        ending.SetResult();
        await stopping;
        isFailed.Should().Be(1);
        (await _live.Here.Index.GetAsync("app-1")).Should().BeEquivalentTo(new { Name = "app-1", Description = "build 1" });
    }

    [Fact]
    public async Task A_sync_without_a_registry_is_a_mistake()
    {
        var result = await RegistryIndexProcess.RunAsync("sync", "--database", "sqlite:////nowhere/index.db");
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Contain("set registry").And.NotContain("   at ");
    }

    private async Task NoteAsync(string name)
    {
        using var events = new StringContent($$$"""{"events":[{"action":"push","target":{"repository":"{{{name}}}","tag":"latest"}}]}""", System.Text.Encoding.UTF8, "application/json");
        (await _live.Here!.Client.PostAsync("/events", events)).IsSuccessStatusCode.Should().BeTrue();
    }

    private static async Task<bool> CatalogAsync(HttpContext context, string answer)
    {
        if (!context.Request.Path.Value!.EndsWith("/_catalog", StringComparison.Ordinal))
            return false;
        await context.Response.WriteAsync(answer);
        return true;
    }

    private Task<SyncResult> SyncAsync(SyncMode? mode = null) => _live.Here!.Services.GetRequiredService<Synchronizer>().RunAsync(mode ?? new(), CancellationToken.None);

    [Fact]
    public async Task Four_servers_that_start_at_once_sync_one_at_a_time_and_none_twice()
    {
        var (running, most, walks) = (0, 0, 0);
        var allHaveStarted = new TaskCompletionSource();
        _live.Proxy.Fault = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/_catalog", StringComparison.Ordinal) && !context.Request.QueryString.Value!.Contains("n=1&", StringComparison.Ordinal) && context.Request.QueryString.Value != "?n=1")
            {
                Interlocked.Increment(ref walks);
                most = Math.Max(most, Interlocked.Increment(ref running));
                await allHaveStarted.Task;
                Interlocked.Decrement(ref running);
            }

            return false;
        };
        var servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunningServer.StartAsync(
            ("sqlalchemy_index_database", _live.Database), ("registry", _live.Proxy.Url), ("Logging:LogLevel:Default", "None"))));
        allHaveStarted.SetResult();
        try
        {
            await _live.WaitForAllAsync(() => Enumerable.Range(0, Repositories).Select(i => ($"app-{i}", (string?)$"build {i}")));
            await Task.WhenAll(servers.Select(ReadyAsync));
            most.Should().Be(1);
            walks.Should().BeInRange(1, 3, "servers that started after a re-sync shared one more");
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }

        // Waits until each server knows that its re-sync is done.
        static async Task ReadyAsync(RunningServer server)
        {
            var log = server.Services.GetRequiredService<SyncLogMark>();
            while ((await log.ReadAsync(CancellationToken.None)) is not { Last: not null } entry || entry.Begun != entry.Completed)
                await Task.Delay(50);
            await Task.Delay(2_500); // longer than their interval of asking
        }
    }
}
