using Microsoft.AspNetCore.Http;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Registry.Tests;

/// <summary>Answers that never end, or lead nowhere: of a token server, a catalog, and one image among others.</summary>
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
    public async Task A_token_server_that_never_comes_to_the_end_of_its_answer_keeps_nobody_waiting()
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
        using var client = TestClient.Of(_proxy.Url, options => options.TimeoutSeconds = 1, time: new HurriedTime());
        var problems = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TestClient.ProblemOf(() => client.FindAsync("app")))).WaitAsync(Eventually.Limit);
        problems.Should().OnlyContain(problem => problem.Contains("cannot be reached (no ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("300")]
    [InlineData("300.0")]
    [InlineData("\"300\"")]
    [InlineData("1000000000000")]
    [InlineData("1e300")]
    [InlineData("-1")]
    [InlineData("null")]
    public async Task However_a_token_server_writes_for_how_long_its_token_is_good_it_is_one(string seconds)
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
        (await client.FindAsync("app"))!.Repository.Should().Be(new Repository("app", "There"));
    }

    [Theory]
    [InlineData("http://\u4e00\u9fa5\u4e8c\u9fa0\u4e09\u9f99\u56db\u9f80\u4e94\u9f50\u516d\u9f20\u4e03\u9f00\u516b\u9ee0\u4e5d\u9ea0\u5341\u9e20\u767e\u9d60\u5343\u9c80\u4e07.example.com/")] // a label too long in DNS
    [InlineData("http://nowhere.invalid:99999/")]
    [InlineData("http://")]
    public async Task An_image_that_is_to_be_had_at_no_possible_address_is_said_and_all_others_are_read(string location)
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
        read.Select(found => found.Repository).Should().Equal(new("app"), new Repository("web", "There"));
        read[0].Problem.Should().Contain("redirects without an address to go to");
    }

    [Fact]
    public async Task A_catalog_whose_first_pages_are_empty_is_not_empty_and_one_of_empty_pages_ends()
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
        (await TestClient.ProblemOf(() => client.ReadAllAsync())).Should().Contain("lead in a circle");
        pages.Should().Be(1_000);
    }

    [Theory]
    [InlineData(500, 40_000)] // few long ones
    [InlineData(400_000, 30)] // many short ones
    public async Task Tags_without_end_take_no_memory_without_end(int tagsOfAPage, int characters)
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
