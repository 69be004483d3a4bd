using Microsoft.AspNetCore.Http;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Registry.Tests;

/// <summary>Answers that never end or that form loops: of a token server, a catalog, and one image among others.</summary>
public sealed class StrangeAnswersTests : IAsyncLifetime
{
    private DockerRegistry _registry = null!;
    private RegistryProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await DockerRegistry.StartAsync();
        _proxy = await RegistryProxy.StartAsync();
        _proxy.Target = _registry.Address;
        using var pusher = new RegistryPusher(_registry.Address);
        foreach (var name in (string[])["app", "web"])
        {
            await pusher.PrepareAsync(name);
            await pusher.PushAsync(name, "There");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task An_endless_answer_of_a_token_server_does_not_block_other_requests()
    {
        _proxy.Fault = async context =>
        {
            if (context.Request.Path != "/token")
                return AskForToken(context);
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(" ");
                await context.Response.Body.FlushAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }

            return true;
        };
        using var client = TestClient.Of(_proxy.Url, options => options.TimeoutSeconds = 1, time: new InstantTime());
        var problems = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TestClient.ProblemOf(() => client.FindAsync("app")))).WaitAsync(Eventually.Limit);
        problems.Should().OnlyContain(problem => problem.Contains("did not end within ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("300")]
    [InlineData("300.0")]
    [InlineData("\"300\"")]
    [InlineData("1000000000000")]
    [InlineData("1e300")]
    [InlineData("-1")]
    [InlineData("null")]
    public async Task Every_spelling_of_a_tokens_lifetime_is_accepted(string seconds)
    {
        _proxy.Fault = async context =>
        {
            if (context.Request.Path == "/token")
                await context.Response.WriteAsync($$"""{"token":"good","expires_in":{{seconds}}}""");
            else if (context.Request.Headers.Authorization != "Bearer good")
                return AskForToken(context);
            context.Request.Headers.Authorization = "";
            return context.Request.Path == "/token";
        };
        using var client = TestClient.Of(_proxy.Url);
        (await client.FindAsync("app"))!.Repository.WithoutFacts().Should().Be(new Repository("app", "There"));
    }

    [Theory]
    [InlineData("http://\u4e00\u9fa5\u4e8c\u9fa0\u4e09\u9f99\u56db\u9f80\u4e94\u9f50\u516d\u9f20\u4e03\u9f00\u516b\u9ee0\u4e5d\u9ea0\u5341\u9e20\u767e\u9d60\u5343\u9c80\u4e07.example.com/")] // a label that is too long for DNS
    [InlineData("http://nowhere.invalid:99999/")]
    [InlineData("http://")]
    public async Task An_image_with_an_invalid_address_is_reported_and_all_others_are_read(string location)
    {
        _proxy.Fault = context =>
        {
            if (!context.Request.Path.Value!.StartsWith("/v2/app/manifests/", StringComparison.Ordinal))
                return Task.FromResult(false);
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = location;
            return Task.FromResult(true);
        };
        using var client = TestClient.Of(_proxy.Url);
        var read = await client.ReadAllAsync();
        read.Select(found => found.Repository.WithoutFacts()).Should().Equal(new("app"), new Repository("web", "There"));
        read[0].Problem.Should().Contain("redirects without a target address");
    }

    [Fact]
    public async Task Empty_pages_do_not_end_a_catalog_and_a_catalog_of_only_empty_pages_ends()
    {
        var (pages, empty) = (0, 3);
        _proxy.Fault = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/_catalog", StringComparison.Ordinal))
                return false;
            if (++pages <= empty)
                context.Response.Headers.Link = $"</v2/_catalog?cursor={pages}>; rel=\"next\"";
            await context.Response.WriteAsync(pages <= empty ? """{"repositories":[]}""" : """{"repositories":["app"]}""");
            return true;
        };
        using var client = TestClient.Of(_proxy.Url);
        (await client.ListsAnyAsync(TestContext.Current.CancellationToken)).Should().BeTrue();
        (pages, empty) = (0, int.MaxValue);
        (await TestClient.ProblemOf(() => client.ReadAllAsync())).Should().Contain("form a loop");
        pages.Should().Be(1_000);
    }

    [Theory]
    [InlineData(500, 40_000)] // few long tags
    [InlineData(400_000, 30)] // many short tags
    public async Task An_endless_list_of_tags_uses_limited_memory(int tagsOfAPage, int characters)
    {
        var pages = 0;
        _proxy.Fault = async context =>
        {
            if (context.Request.Path != "/v2/app/tags/list")
                return false;
            if (++pages < 10)
                context.Response.Headers.Link = $"</v2/app/tags/list?cursor={pages}>; rel=\"next\"";
            var tags = string.Join(',', Enumerable.Range(0, tagsOfAPage).Select(i => $"\"{(pages * tagsOfAPage) + i}{new string('x', characters)}\""));
            await context.Response.WriteAsync($$"""{"name":"app","tags":[{{tags}}]}""");
            return true;
        };
        using var client = TestClient.Of(_proxy.Url);
        (await TestClient.ProblemOf(() => client.FindAsync("app"))).Should().Contain("of more than");
        pages.Should().BeLessThan(5);
        (await client.FindAsync("web"))!.Repository.Description.Should().Be("There");
    }

    private bool AskForToken(HttpContext context)
    {
        context.Response.StatusCode = 401;
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{_proxy.Url}/token\",service=\"registry\"";
        return true;
    }
}
