using Microsoft.AspNetCore.Http;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>A registry that is down, slow, broken, or appears to be empty: the index keeps its content, answers, reports it, and recovers.</summary>
public sealed class UnwellRegistryTests(UnwellRegistryTests.FollowedRegistry followed) : IClassFixture<UnwellRegistryTests.FollowedRegistry>
{
    private static readonly (string, string?)[] Whole = [.. Enumerable.Range(0, 10).Select(i => ($"team/app-{i}", (string?)$"build {i}"))];
    private readonly LiveRegistry _live = followed.Live;

    [Theory]
    [InlineData("down")]
    [InlineData("slow")]
    [InlineData("500")]
    [InlineData("429")]
    [InlineData("a page of HTML")]
    [InlineData("an empty catalog")]
    public async Task The_index_keeps_everything_during_a_failure_of_the_registry_reports_it_and_recovers(string illness)
    {
        await _live.WaitForReadinessAsync(following => following["up"]!.GetValue<bool>() && following["last_sync"] is not null);
        _live.Proxy.Forget();
        _live.Proxy.Fault = context => FallIllAsync(context, illness);
        await _live.Pusher.PrepareAsync("team/late");
        await _live.Pusher.PushAsync("team/late", $"pushed while it was {illness}");

        var following = await _live.WaitForReadinessAsync(following => illness == "an empty catalog"
            ? following["withheld"]!.GetValue<long>() >= Whole.Length
            : !following["up"]!.GetValue<bool>() && following["problem"] is not null && _live.MeasureUp() == 0);
        if (illness != "an empty catalog")
            following["problem"]!.GetValue<string>().Should().StartWith("The registry ").And.NotContain("Exception");
        (await _live.ListAsync()).Where(row => row.Name != "team/late").Should().Equal(Whole, "no answer means that a repository is gone");
        (await _live.SearchAsync("app-3")).Should().Equal(("team/app-3", "build 3"));

        _live.Proxy.Fault = _ => Task.FromResult(false);
        await _live.WaitForAllAsync(() => [.. Whole, ("team/late", $"pushed while it was {illness}")]);
        await _live.WaitForReadinessAsync(following => following["up"]!.GetValue<bool>() && following["problem"] is null && following["withheld"]!.GetValue<long>() == 0 && _live.MeasureUp() == 1);
    }

    private static async Task<bool> FallIllAsync(HttpContext context, string illness)
    {
        var isCatalog = context.Request.Path.Value!.EndsWith("/_catalog", StringComparison.Ordinal);
        switch (illness)
        {
            case "down":
                context.Abort();
                return true;
            case "slow":
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return false;
            case "429":
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "3600"; // in an hour
                return true;
            case "500":
                context.Response.StatusCode = int.Parse(illness);
                return true;
            case "a page of HTML":
                await context.Response.WriteAsync("<html>Please log in</html>");
                return true;
            case "an empty catalog" when isCatalog:
                await context.Response.WriteAsync("""{"repositories":[]}""");
                return true;
            default:
                return false;
        }
    }

    public sealed class FollowedRegistry : IAsyncLifetime
    {
        internal LiveRegistry Live { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            // A re-sync every second, so that it encounters every failure.
            Live = await LiveRegistry.StartAsync(settings: [("sync_interval", "0.0003"), ("registry_timeout", "5")]);
            foreach (var (name, description) in Whole)
            {
                await Live.Pusher.PrepareAsync(name);
                await Live.Pusher.PushAsync(name, description);
            }

            await Live.WaitForAllAsync(() => Whole);
        }

        public ValueTask DisposeAsync() => Live.DisposeAsync();
    }
}
