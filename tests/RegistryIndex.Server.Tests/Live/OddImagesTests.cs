using System.Text;
using Microsoft.AspNetCore.Http;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using static RegistryIndex.Testing.Registry.HandMadeImages;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>Events of pushes of images that cannot be read or have no description.</summary>
public sealed class OddImagesTests : IAsyncLifetime
{
    private LiveRegistry _live = null!;
    private HandMadeImages _images = null!;

    public async ValueTask InitializeAsync()
    {
        _live = await LiveRegistry.StartAsync(settings: [("sync_interval", "0"), ("registry_timeout", "5")]);
        _images = new(_live.Registry.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _images.Dispose();
        await _live.DisposeAsync();
    }

    [Fact]
    public async Task An_image_keeps_its_description_when_it_is_signed_and_attachments_are_ignored()
    {
        var image = await _images.ImageAsync("app", "3.1.4", [(Description, "described")]);
        await _live.WaitForAllAsync(() => [("app", "described")]);
        foreach (var tag in (string[])[$"{image["digest"]!.GetValue<string>().Replace(':', '-')}.sig", "4.0.0-rc1", "pr-17", "main"])
            await _images.ImageAsync("app", tag, content: tag);
        await _images.CacheAsync("app", "buildcache");
        await _images.CacheAsync("cache", "latest");
        await _live.WaitForAllAsync(() => [("app", "described"), ("cache", null)]);
        await _live.WaitForReadinessAsync(following => following["pending"]!.GetValue<int>() == 0);
        (await _live.ListAsync()).Should().Equal(("app", "described"), ("cache", null));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(412)]
    [InlineData(418)]
    [InlineData(503)] // an error of the registry, so the look-up is retried
    [InlineData(429)]
    [InlineData(0)] // the connection breaks
    public async Task A_pushed_image_that_cannot_be_read_is_found_at_once_with_its_readable_facts(int status)
    {
        _live.Proxy.Fault = context => FailAsync(context, status, path => path.Contains("/broken/", StringComparison.Ordinal) && path.Contains("/manifests/", StringComparison.Ordinal));
        await _images.ImageAsync("team/broken", "latest", [(Description, "cannot be read")]);
        await _live.WaitForAllAsync(() => [("team/broken", null)]);
        await _images.ImageAsync("team/fine", "latest", [(Description, "can be read")]);
        await _live.WaitForAllAsync(() => [("team/broken", null), ("team/fine", "can be read")]);
        if (status is 503 or 429 or 0)
        {
            _live.Proxy.Fault = _ => Task.FromResult(false);
            await _live.WaitForAllAsync(() => [("team/broken", "cannot be read"), ("team/fine", "can be read")]);
        }

        await _live.WaitForReadinessAsync(following => following["pending"]!.GetValue<int>() == 0 && following["up"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_few_repositories_whose_tags_cannot_be_listed_delay_no_others_and_are_no_failure_of_the_registry()
    {
        await _images.ImageAsync("team/fine-0", "latest", [(Description, "before")]);
        await _live.WaitForAllAsync(() => [("team/fine-0", "before")]);
        _live.Proxy.Fault = context => FailAsync(context, 500, path => path.Contains("/broken-", StringComparison.Ordinal) && path.EndsWith("/tags/list", StringComparison.Ordinal));
        for (var i = 0; i < 20; i++)
            await _images.ImageAsync($"team/broken-{i}", "latest");
        await Eventually.BeAsync(() => _live.Proxy.Lookups.Count(lookup => lookup.Key.StartsWith("team/broken-", StringComparison.Ordinal)) >= 20);
        await _images.ImageAsync("team/fine-1", "latest", [(Description, "after")]);
        await _live.WaitForAllAsync(() => [("team/fine-0", "before"), ("team/fine-1", "after")]);
        (await _live.WaitForReadinessAsync(_ => true))["up"]!.GetValue<bool>().Should().BeTrue();

        _live.Proxy.Fault = _ => Task.FromResult(false);
        await _live.WaitForReadinessAsync(following => following["pending"]!.GetValue<int>() == 0);
        (await _live.ListAsync()).Should().HaveCount(22, "their tags were requested again");
    }

    private static async Task<bool> FailAsync(HttpContext context, int status, Func<string, bool> where)
    {
        if (!where(context.Request.Path.Value!))
            return false;
        if (status == 0)
        {
            context.Abort();
            return true;
        }

        context.Response.StatusCode = status;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("<html>no</html>"));
        return true;
    }
}
