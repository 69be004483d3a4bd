using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Server.Web;

namespace RegistryIndex.Server.Tests.Web;

/// <summary>The first page, which the server keeps as it was sent.</summary>
public sealed class FirstPageTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(_time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Each_change_of_a_row_is_shown_at_once_in_every_encoding()
    {
        await ShowsAsync("no repositories yet");
        await _server.Index.UpsertAsync(new("web", "The first"));
        await ShowsAsync(">web</bdi>", "The first");
        await _server.Index.UpsertAsync(new("web", "The second"));
        await ShowsAsync("The second");
        await _server.Index.UpsertAsync(new("web", "The second", new() { Tag = "1.0", PushedAt = Now }));
        await ShowsAsync("The second", "<bdi>1.0</bdi>");
        await _server.Index.UpsertAsync(new("web", "The second", new() { Tag = "2.0", PushedAt = Now }));
        await ShowsAsync("The second", "<bdi>2.0</bdi>");
        for (var i = 0; i < 24; i++)
            await _server.Index.UpsertAsync(new($"app-{i:00}", facts: new() { PushedAt = Now.AddHours(1) }));
        await ShowsAsync("25 repositories on this page.", ">web</bdi>");
        (await _server.Client.GetStringAsync("/ui/")).Should().NotContain("rel=\"next\"");
        await _server.Index.UpsertAsync(new("last"));
        await ShowsAsync("25 repositories on this page.", "rel=\"next\"");
        await _server.Index.DeleteAsync("web");
        await ShowsAsync(">last</bdi>");
    }

    [Fact]
    public async Task The_page_is_rendered_once_as_long_as_its_rows_are_the_same()
    {
        var first = _server.Services.GetRequiredService<FirstPage>();
        (await SentAsync(first, "The first", "web", null)).Should().Contain("The first");
        (await SentAsync(first, "The second", "web", null)).Should().Contain("The first");
        (await SentAsync(first, "The third", "app", null)).Should().Contain("The third");
        (await SentAsync(first, "The fourth", "app", "next")).Should().Contain("The fourth");
        _time.Advance(TimeSpan.FromMinutes(1));
        (await SentAsync(first, "The fifth", "app", "next")).Should().Contain("The fifth");
    }

    [Fact]
    public async Task The_headers_of_the_page_are_those_of_its_length()
    {
        await _server.Index.UpsertAsync(new("web"));
        using var head = await _server.Client.SendAsync(new(HttpMethod.Head, "/ui/"));
        head.Content.Headers.ContentLength.Should().Be((await _server.Client.GetByteArrayAsync("/ui/")).Length);
        (await head.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_relative_times_are_at_most_a_minute_late()
    {
        await _server.Index.UpsertAsync(new("web", facts: new() { PushedAt = Now.AddSeconds(-30) }));
        await ShowsAsync(">just now</time>");
        _time.Advance(TimeSpan.FromMinutes(1));
        await ShowsAsync(">1 minute ago</time>");
        _time.Advance(TimeSpan.FromHours(1));
        await ShowsAsync(">1 hour ago</time>");
    }

    // The text is only on a page that is rendered.
    private async Task<string> SentAsync(FirstPage first, string text, string name, string? continuation)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = _server.Services, Response = { Body = body } };
        var page = new WebPage<ResultsPage>(new() { [nameof(ResultsPage.Query)] = text, [nameof(ResultsPage.Repositories)] = Array.Empty<Repository>() });
        await first.Of(page, [new Repository(name, "Its description", new() { Tag = "1.0" })], continuation).ExecuteAsync(context);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private async Task ShowsAsync(params string[] texts)
    {
        var plain = await _server.Client.GetStringAsync("/ui/");
        plain.Should().ContainAll(texts);
        foreach (var encoding in (string[])["br", "gzip", "br"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ui/") { Headers = { AcceptEncoding = { new(encoding) } } };
            using var answer = await _server.Client.SendAsync(request);
            answer.Content.Headers.ContentEncoding.Should().Equal(encoding);
            answer.Headers.Vary.Should().Equal("Accept-Encoding");
            var body = await answer.Content.ReadAsStreamAsync();
            using var reader = new StreamReader(encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress));
            (await reader.ReadToEndAsync()).Should().Be(plain);
        }
    }
}
