using Microsoft.AspNetCore.Http;
using RegistryIndex.Sources;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using static RegistryIndex.Testing.Registry.HandMadeImages;

namespace RegistryIndex.Registry.Tests;

/// <summary>Whether a failure concerns an image or the registry, and the cost of images without a description.</summary>
public sealed class ImageFailureTests : IAsyncLifetime
{
    private DockerRegistry _registry = null!;
    private RegistryProxy _proxy = null!;
    private RegistryClient _client = null!;
    private HandMadeImages _images = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await DockerRegistry.StartAsync();
        _proxy = await RegistryProxy.StartAsync();
        _proxy.Target = _registry.Address;
        _client = TestClient.Of(_proxy.Url, time: new InstantTime()); // the pauses before retries do not matter here
        _images = new(_registry.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _images.Dispose();
        _client.Dispose();
        await _proxy.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Theory]
    [InlineData("/manifests/", 400)]
    [InlineData("/manifests/", 403)]
    [InlineData("/manifests/", 404)]
    [InlineData("/manifests/", 410)]
    [InlineData("/manifests/", 500)]
    [InlineData("/manifests/", 502)]
    [InlineData("/blobs/", 403)]
    [InlineData("/blobs/", 404)]
    [InlineData("/blobs/", 416)]
    [InlineData("/blobs/", 500)]
    [InlineData("/blobs/", 504)]
    public async Task Most_error_statuses_of_a_manifest_or_config_are_a_problem_of_the_image(string part, int status)
    {
        for (var i = 0; i < 20; i++)
            await _images.ImageAsync($"app-{i:d2}", "latest", [(Description, "There")]);
        Answer(path => path.Contains(part, StringComparison.Ordinal), status);
        (await _client.FindAsync("app-00")).Should().Match<StoredRepository>(found => found.Failure == null && found.IsCertain && found.Repository.Description == null)
            .And.Match<StoredRepository>(found => found.Problem!.Contains($"the registry answers {status} for the ", StringComparison.Ordinal));
        _proxy.Paths.Count(path => path.Contains(part, StringComparison.Ordinal)).Should().BeLessThanOrEqualTo(2, "a broken answer is retried at most once");
        (await _client.ReadAllAsync()).Should().HaveCount(20).And.OnlyContain(found => found.IsCertain && found.Failure == null && found.Problem != null);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Some_error_statuses_for_every_image_are_a_problem_of_the_registry(int status)
    {
        for (var i = 0; i < 40; i++)
            await _images.ImageAsync($"app-{i:d2}", "latest", [(Description, "There")]);
        Answer(path => path.Contains("/app-07/manifests/", StringComparison.Ordinal), status);
        var all = await _client.ReadAllAsync();
        all.Should().HaveCount(40);
        var failed = all.Should().ContainSingle(found => found.Failure != null).Which;
        failed.Should().Match<StoredRepository>(found => found.IsCertain && found.Repository.WithoutFacts() == new Repository("app-07"), "its tags are there");
        failed.Failure!.Message.Should().Contain($"{status}").And.Be(failed.Problem);

        Answer(path => path.Contains("/manifests/", StringComparison.Ordinal), status);
        (await TestClient.ProblemOf(() => _client.ReadAllAsync())).Should().Contain($"{status}");
    }

    [Fact]
    public async Task A_repository_is_found_by_its_tags_although_its_image_never_arrives()
    {
        await _images.ImageAsync("app", "latest", [(Description, "There")]);
        using var client = TestClient.Of(_proxy.Url, options => options.TimeoutSeconds = 5);
        _proxy.Fault = async context =>
        {
            if (context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal))
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return context.RequestAborted.IsCancellationRequested;
        };
        var found = await client.FindAsync("app");
        found.Should().Match<StoredRepository>(app => app.IsCertain && app.Repository.WithoutFacts() == new Repository("app"));
        found!.Failure!.Message.Should().Contain("no answer within 5 s");
        _proxy.Paths.Count(path => path.Contains("/blobs/", StringComparison.Ordinal)).Should().Be(1, "the timeouts of many images add up");
    }

    [Theory]
    [InlineData(16)]
    [InlineData(50)]
    public async Task Repositories_without_a_list_of_tags_do_not_prevent_the_reading_of_others(int neighbours)
    {
        await _images.ImageAsync("zoo", "latest", [(Description, "There")]);
        _proxy.Fault = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/_catalog", StringComparison.Ordinal))
            {
                await context.Response.WriteAsync($$"""{"repositories":[{{string.Join(',', Enumerable.Range(0, neighbours).Select(i => $"\"broken-{i}\""))}},"zoo"]}""");
                return true;
            }

            context.Response.StatusCode = 500;
            return context.Request.Path.Value!.Contains("/broken-", StringComparison.Ordinal);
        };
        var all = await _client.ReadAllAsync();
        all.Should().HaveCount(neighbours + 1);
        all[^1].Repository.WithoutFacts().Should().Be(new Repository("zoo", "There"));
        all[..^1].Should().OnlyContain(found => !found.IsCertain && found.Problem != null);
    }

    [Fact]
    public async Task A_repository_without_a_description_costs_its_tags_and_at_most_four_images()
    {
        foreach (var tag in Enumerable.Range(0, 20).Select(i => $"1.{i}").Append("latest"))
            await _images.ImageAsync("app", tag, content: tag, annotations: [("tag", tag)]);
        (await _client.FindAsync("app"))!.Repository.WithoutFacts().Should().Be(new Repository("app"));
        _proxy.Paths.Where(path => path.Contains("/manifests/", StringComparison.Ordinal)).Should().Equal([.. ((string[])["latest", "1.19", "1.18", "1.17"]).Select(tag => $"/v2/app/manifests/{tag}")]);
        _proxy.Paths.Should().HaveCount(9);
    }

    [Fact]
    public async Task Several_tags_of_one_image_are_read_once()
    {
        var image = await _images.ImageAsync("app", "latest", content: "same");
        foreach (var tag in (string[])["1", "1.2", "1.2.3"])
            await _images.ImageAsync("app", tag, content: "same");
        (await _client.FindAsync("app"))!.Repository.WithoutFacts().Should().Be(new Repository("app"));
        _proxy.Paths.Where(path => path.Contains("/blobs/", StringComparison.Ordinal)).Should().ContainSingle();
        image["size"]!.GetValue<int>().Should().BePositive();
    }

    [Fact]
    public async Task A_repository_of_large_indexes_without_a_description_costs_a_limited_number_of_requests()
    {
        var platforms = new List<System.Text.Json.Nodes.JsonObject>();
        for (var i = 0; i < 12; i++)
            platforms.Add(await _images.ImageAsync("app", $"x{i}", content: $"{i}", annotations: [("platform", $"{i}")]));
        foreach (var tag in (string[])["latest", "1.0", "1.1", "1.2"])
            await _images.IndexAsync("app", tag, [.. platforms], [("tag", tag)]);
        (await _client.FindAsync("app"))!.Should().Match<StoredRepository>(found => found.Problem == null && found.Repository.WithoutFacts() == new Repository("app"));
        _proxy.Paths.Should().HaveCountLessThanOrEqualTo(1 + 4 + 24);
    }

    [Fact]
    public async Task A_tag_deleted_while_it_is_read_is_not_a_problem()
    {
        await _images.ImageAsync("app", "1.0", [(Description, "of 1.0")]);
        var latest = await _images.ImageAsync("app", "latest", [(Description, "of latest")]);
        var isDeleted = false;
        _proxy.Fault = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/manifests/latest", StringComparison.Ordinal) && !isDeleted)
            {
                isDeleted = true;
                await _images.DeleteAsync("app", latest);
            }

            return false;
        };
        (await _client.FindAsync("app")).Should().Match<StoredRepository>(found => found.Problem == null && found.Repository.WithoutFacts() == new Repository("app", "of 1.0"));
    }

    [Theory]
    [InlineData("""{"name":"app","tags":["../../../evil","a?b=c","latest"]}""")]
    [InlineData("""{"name":"app","tags":["latest",""," ","\u0000","..",".","a/b","%2e%2e"]}""")]
    public async Task Invalid_tag_names_are_never_requested(string tags)
    {
        await _images.ImageAsync("app", "latest");
        _proxy.Fault = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/tags/list", StringComparison.Ordinal))
                return false;
            await context.Response.WriteAsync(tags);
            return true;
        };
        (await _client.FindAsync("app")).Should().Match<StoredRepository>(found => found.Problem == null && found.Repository.WithoutFacts() == new Repository("app"));
        _proxy.Paths.Where(path => !path.Contains("/blobs/", StringComparison.Ordinal)).Should().Equal("/v2/app/tags/list", "/v2/app/manifests/latest");
    }

    [Theory]
    [InlineData("""{"name":"app","tags":[null]}""", "no name")]
    [InlineData("""{"name":"app","tags":[1]}""", "not the expected JSON")]
    [InlineData("""{"name":"app","tags":{"latest":1}}""", "not the expected JSON")]
    public async Task A_malformed_list_of_tags_never_means_that_a_repository_is_gone(string body, string problem)
    {
        _proxy.Answer("/tags/list", 200, body);
        (await TestClient.ProblemOf(() => _client.FindAsync("app"))).Should().Contain(problem);
    }

    [Fact]
    public async Task A_list_of_tags_whose_pages_form_a_loop_is_an_error()
    {
        var pages = 0;
        _proxy.Fault = async context =>
        {
            context.Response.Headers.Link = $"</v2/app/tags/list?n=1&last={++pages % 3}>; rel=\"next\"";
            await context.Response.WriteAsync("""{"name":"app","tags":["1.0"]}""");
            return true;
        };
        (await TestClient.ProblemOf(() => _client.FindAsync("app"))).Should().Contain("whose pages form a loop");
    }

    private void Answer(Func<string, bool> where, int status)
    {
        _proxy.Forget();
        _proxy.Fault = context =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(where(context.Request.Path.Value!));
        };
    }
}
