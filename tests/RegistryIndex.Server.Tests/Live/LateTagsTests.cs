using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>Distribution sends the event of a push before it writes the tag, so a look-up may be too early.</summary>
public sealed class LateTagsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private LiveRegistry _live = null!;
    private int _isAnswered;
    private int _answers;

    public async ValueTask InitializeAsync() => _live = await LiveRegistry.StartAsync(time: _time, settings: ("sync_interval", "0"));

    public async ValueTask DisposeAsync()
    {
        await _live.DisposeAsync();
        _isAnswered.Should().Be(_answers, "a look-up must have been too early");
    }

    [Fact]
    public async Task A_new_repository_whose_tag_is_late_is_found()
    {
        await _live.Pusher.PrepareAsync("app");
        AnswerOnce("/v2/app/tags/list", 404, """{"errors":[{"code":"NAME_UNKNOWN"}]}""");
        await _live.Pusher.PushAsync("app", "the first");
        await BecomesAsync(row => row.Description == "the first");
    }

    [Fact]
    public async Task A_further_tag_that_is_late_is_found()
    {
        await PushAsync("the first", "1.0");
        AnswerOnce("/v2/app/tags/list", 200, """{"name":"app","tags":["1.0"]}""");
        await _live.Pusher.PushAsync("app", "the second", "2.0");
        await BecomesAsync(row => row is { Description: "the second", Facts.TagCount: 2 });
    }

    [Fact]
    public async Task A_tag_that_is_moved_late_is_read_again()
    {
        await PushAsync("the first", "latest");
        AnswerOnce("/v2/app/manifests/latest", 304, "");
        await _live.Pusher.PushAsync("app", "the second");
        await BecomesAsync(row => row.Description == "the second");
    }

    [Fact]
    public async Task A_signature_whose_tag_is_late_is_seen()
    {
        var digest = await PushAsync("the first", "latest");
        AnswerOnce("/v2/app/tags/list", 200, """{"name":"app","tags":["latest"]}""");
        await _live.Pusher.PushAsync("app", tag: $"{digest.Replace(':', '-')}.sig");
        await BecomesAsync(row => row is { Description: "the first", Facts.IsSigned: true });
    }

    [Fact]
    public async Task A_tag_that_is_listed_before_it_has_an_image_is_read_again()
    {
        await PushAsync("the first", "1.0");
        AnswerOnce("/v2/app/manifests/2.0", 404, """{"errors":[{"code":"MANIFEST_UNKNOWN"}]}""");
        await _live.Pusher.PushAsync("app", "the second", "2.0");
        await BecomesAsync(row => row is { Description: "the second", Facts.Tag: "2.0" });
    }

    [Fact]
    public async Task A_late_tag_that_describes_another_ones_image_is_read_again()
    {
        await PushAsync("the first", "1.0");
        await _live.Pusher.PushAsync("app");
        await BecomesAsync(row => row is { Description: "the first", Facts: { Tag: "latest", DescriptionTag: "1.0" } });
        await SettleAsync();
        AnswerOnce("/v2/app/manifests/1.0", 304, "");
        await _live.Pusher.PushAsync("app", "the second", "1.0");
        await BecomesAsync(row => row.Description == "the second");
    }

    [Fact]
    public async Task A_late_tag_is_found_although_the_next_event_comes_first()
    {
        await PushAsync("the first", "1.0");
        var digest = await _live.Pusher.PushAsync("app", "to be deleted", "0.9");
        await SettleAsync();
        AnswerOnce("/v2/app/tags/list", 200, """{"name":"app","tags":["0.9","1.0"]}""");
        await _live.Pusher.PushAsync("app", "the second", "2.0");
        await Eventually.BeAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            return _isAnswered == 1;
        });
        await _live.Pusher.DeleteAsync("app", digest);
        await BecomesAsync(row => row is { Description: "the second", Facts.TagCount: 2 });
    }

    [Fact]
    public async Task A_tag_that_is_gone_right_after_its_push_is_looked_for_four_times()
    {
        await PushAsync("the first", "1.0");
        _live.Proxy.Forget();
        using var events = new StringContent(
            """{"events":[{"action":"push","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","repository":"app","tag":"2.0"}}]}""", Encoding.UTF8, "application/json");
        (await _live.Here!.Client.PostAsync("/events", events)).EnsureSuccessStatusCode();
        await SettleAsync();
        _live.Proxy.Lookups["app"].Should().Be(4);
        (await _live.ListAsync()).Should().Equal(("app", "the first"));
    }

    private async Task<string> PushAsync(string description, string tag)
    {
        await _live.Pusher.PrepareAsync("app");
        var digest = await _live.Pusher.PushAsync("app", description, tag);
        await BecomesAsync(row => row.Description == description);
        await SettleAsync();
        return digest;
    }

    private void AnswerOnce(string path, int status, string body)
    {
        (_isAnswered, _answers) = (0, 1);
        _live.Proxy.Fault = async context =>
        {
            if (context.Request.Path != path || Interlocked.Exchange(ref _isAnswered, 1) != 0)
                return false;
            (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json");
            if (body.Length > 0)
                await context.Response.WriteAsync(body);
            return true;
        };
    }

    private async Task BecomesAsync(Func<Repository, bool> isSo)
    {
        Repository? row = null;
        await Eventually.BeAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return (row = await _live.Here!.Index.GetAsync("app")) is not null && isSo(row);
            },
            () => $"it is {row}");
    }

    private async Task SettleAsync() => await _live.WaitForReadinessAsync(following =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return following["pending"]!.GetValue<int>() == 0;
    });
}
