using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.S3;
using RegistryIndex.Sources;
using RegistryIndex.Storage.S3;
using RegistryIndex.Storage.Trees;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Storage.Tests.S3;

/// <summary>A registry's storage in a bucket of a real S3 server.</summary>
public sealed partial class S3StorageTests : IAsyncLifetime
{
    private static readonly string Manifest = "sha256:" + new string('a', 64);
    private static readonly string ManifestKey = $"docker/registry/v2/blobs/sha256/aa/{new string('a', 64)}/data";
    private S3Bucket _bucket = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bucket = await S3Bucket.NewAsync();

    public ValueTask DisposeAsync()
    {
        _bucket?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("")]
    [InlineData("/registry/v2 tree/")]
    public async Task A_real_registrys_storage_is_read_from_a_bucket_as_from_a_disk(string prefix)
    {
        using var layouts = new TemporaryDirectory();
        await using var registry = await DockerRegistry.StartAsync(cancellationToken: Cancellation);
        foreach (var (name, tag, description) in new[] { ("team/shop", "latest", "Der Laden für alle 🛒"), ("team/shop/web", "1.0", "Its front end"), ("team/shop/web", "1.1", "Its new front end"), ("zoo", "v1", (string?)null) })
        {
            var layout = Path.Combine(layouts.Path, Guid.NewGuid().ToString("n"));
            OciImage.Write(layout, label: description, content: tag);
            await Skopeo.CopyAsync(layout, $"{registry.Address}/{name}:{tag}", Cancellation);
        }

        foreach (var file in Directory.EnumerateFiles(registry.RootDirectory, "*", SearchOption.AllDirectories))
            await _bucket.PutAsync(prefix.TrimStart('/') + Path.GetRelativePath(registry.RootDirectory, file), await File.ReadAllTextAsync(file, Cancellation));
        var stored = await _bucket.Storage(prefix).ReadAllAsync();
        stored.Should().OnlyContain(repository => repository.Problem == null);
        stored.Select(repository => repository.Repository.WithoutFacts()).Should().Equal(new Repository("team/shop", "Der Laden für alle 🛒"), new("team/shop/web", "Its new front end"), new("zoo"));
        stored.Should().OnlyContain(repository => repository.Repository.Facts!.PushedAt != null);
        stored.Select(WithoutTime).Should().Equal((await TestStorage.Of(new LocalTree(registry.RootDirectory)).ReadAllAsync()).Select(WithoutTime), "the copy is newer");

        static StoredRepository WithoutTime(StoredRepository found) =>
            found with { Repository = new(found.Repository.Name, found.Repository.Description, found.Repository.Facts! with { PushedAt = null }) };
    }

    [Fact]
    public async Task A_real_registry_serves_the_same_repositories_from_the_bucket()
    {
        await _bucket.PutDirectoryAsync(SampleRegistry.Path, "images/");
        var read = (await _bucket.Storage("images").ReadAllAsync()).Select(stored => stored.Repository.Name);
        await using var registry = await DockerRegistry.StartAsync(
            driver: $"s3: {{ bucket: {_bucket.Name}, rootdirectory: /images, region: us-east-1, regionendpoint: '{_bucket.Endpoint}', accesskey: {S3Bucket.Key}, secretkey: {S3Bucket.Secret}, secure: false }}",
            cancellationToken: Cancellation);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var catalog = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://{registry.Address}/v2/_catalog?n=1000"), Cancellation));
        read.Should().HaveCount(42).And.Equal(catalog.RootElement.GetProperty("repositories").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task The_Python_registrys_layout_is_read_from_a_prefix()
    {
        foreach (var key in (string[])["team/web/tag_latest", "team/web/_index_images", "team/a%252Fb/tag_1", "library/ubuntu/_index_images", "library/nothing/json", "images"])
            await _bucket.PutAsync("registry/repositories/" + key);
        await _bucket.PutAsync("registry/images/abc/layer");
        (await _bucket.Storage("/registry").ReadAllAsync()).Select(stored => stored.Repository.Name).Should().Equal("library/ubuntu", "team/a/b", "team/web");
    }

    [Fact]
    public async Task The_number_of_requests_depends_on_repositories_and_not_on_blobs_or_tags()
    {
        const int Few = 12;
        await FillAsync(Few);
        var small = await CountAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_500), Cancellation, async (i, _) => await _bucket.PutAsync($"docker/registry/v2/blobs/sha256/bb/{i:d4}/data"));
        for (var i = 0; i < 40; i++)
            await _bucket.PutAsync($"docker/registry/v2/repositories/team-0/app-0000/_manifests/tags/latest/index/sha256/{i}/link");
        (await CountAsync()).Should().Be(small, "blobs and the history of tags are not read");
        for (var i = 0; i < 300; i++)
            await _bucket.PutAsync($"docker/registry/v2/repositories/team-1/app-0001/_manifests/tags/v{i}/current/link", Manifest);
        (await CountAsync()).Should().Be(small, "latest provides the description");
        await _bucket.Client.DeleteObjectAsync(_bucket.Name, "docker/registry/v2/repositories/team-1/app-0001/_manifests/tags/latest/current/link", Cancellation);
        (await CountAsync()).Should().Be(small, "without latest the names determine which of 300 tags is read");

        await FillAsync(4 * Few);
        var large = await CountAsync();
        large.Repositories.Should().Be(4 * Few);
        (large.Listings - small.Listings).Should().Be(3 * Few * 2, "each repository is listed, and its tags");
        (large.Reads - small.Reads).Should().Be(3 * Few * 2, "one link and one manifest of each are read");
        _bucket.Client.Listed.Should().NotContain(prefix => prefix.Contains("/blobs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_pages_of_a_directory_are_read_and_a_failed_page_is_reported_and_does_not_end_it()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_250), Cancellation, async (i, _) => await _bucket.PutAsync($"repositories/team/app-{i:d4}/tag_latest"));
        (await _bucket.Storage().ReadAllAsync()).Select(stored => stored.Repository.Name).Should().Equal(Enumerable.Range(0, 1_250).Select(i => $"team/app-{i:d4}"));
        _bucket.Client.BeforeListing = request =>
        {
            if (request.ContinuationToken is not null)
                throw new AmazonS3Exception("Access Denied") { ErrorCode = "AccessDenied", StatusCode = HttpStatusCode.Forbidden };
        };
        await _bucket.PutAsync("repositories/z/app/tag_latest");
        var all = await _bucket.Storage().ReadAllAsync();
        all.Select(stored => (stored.Repository.Name, stored.IsCertain)).Should().Equal(("team", false), ("z/app", true));
        all[0].Problem.Should().Match($"The listing 'repositories/team/' of the bucket '{_bucket.Name}' cannot be read (Access Denied): check that*s3:ListBucket*");
    }

    [Fact]
    public async Task A_missing_bucket_or_prefix_is_an_error_that_names_it()
    {
        await _bucket.PutAsync("other/file");
        var reading = async () => await _bucket.Storage("registry").ReadAllAsync();
        (await reading.Should().ThrowAsync<StorageException>()).WithMessage($"The directory 's3://{_bucket.Name}/registry' does not exist*");
        using var storage = TestStorage.Of(new S3Tree(new WatchedS3(_bucket.Endpoint), "no-such-bucket", ""));
        var elsewhere = async () => await storage.ReadAllAsync();
        (await elsewhere.Should().ThrowAsync<StorageException>()).WithMessage("*of the bucket 'no-such-bucket' cannot be read (*");
    }

    [Fact]
    public async Task A_temporary_failure_is_retried()
    {
        await FillAsync(3);
        using var handler = new Stumbling(new SocketsHttpHandler { UseProxy = false });
        using var client = new WatchedS3(_bucket.Endpoint, handler);
        using var storage = TestStorage.Of(new S3Tree(client, _bucket.Name, ""));
        (await storage.ReadAllAsync()).Should().HaveCount(3).And.OnlyContain(stored => stored.Problem == null && stored.Repository.Description == "what it is");
        handler.Stumbles.Should().BeGreaterThan(3);
    }

    [Theory]
    [InlineData("docker/registry/v2/repositories//_manifests/tags/latest/current/link", "/")]
    [InlineData("docker/registry/v2/repositories//deep//app/_manifests/tags/latest/current/link", "/")]
    [InlineData("docker/registry/v2/repositories/team//app/_manifests/tags/latest/current/link", "team/")]
    [InlineData("docker/registry/v2/repositories/../app/_manifests/tags/latest/current/link", "..")]
    [InlineData("docker/registry/v2/repositories/team/./_manifests/tags/latest/current/link", "team/.")]
    [InlineData("docker/registry/v2/repositories/team/app/_manifests/tags", "team/app")]
    [InlineData("docker/registry/v2/repositories/team/app/_manifests", "team/app")]
    public async Task Unexpected_keys_are_reported_and_everything_else_is_read(string key, string place)
    {
        await FillAsync(2);
        await _bucket.PutAsync(key, Manifest);
        var all = await _bucket.Storage().ReadAllAsync().WaitAsync(TimeSpan.FromMinutes(5), Cancellation);
        all.Where(stored => stored.IsCertain).Select(stored => stored.Repository.Name).Should().Equal("team-0/app-0000", "team-1/app-0001");
        all.Should().ContainSingle(stored => !stored.IsCertain).Which.Should().Match<StoredRepository>(
            stored => stored.Repository.Name == place && stored.Failure == null && stored.Problem!.EndsWith("check that it is as the registry created it.", StringComparison.Ordinal));
        if (place == "team/app")
            await FluentActions.Awaiting(() => _bucket.Storage().FindAsync(place)).Should().ThrowAsync<StorageException>();
    }

    [Fact]
    public async Task A_list_that_is_not_valid_XML_is_an_error_and_not_an_empty_list()
    {
        await FillAsync(1);
        await _bucket.PutAsync("docker/registry/v2/repositories/esc\u001b/_manifests/tags/latest/current/link", Manifest);
        (await FluentActions.Awaiting(() => _bucket.Storage().ReadAllAsync()).Should().ThrowAsync<StorageException>()).WithMessage("The listing 'docker/registry/v2/repositories/' of the bucket * cannot be read (*");
    }

    [Fact]
    public async Task All_keys_are_read_from_a_server_that_encodes_keys_like_Amazon_S3()
    {
        await FillAsync(2);
        string[] names = ["a b", "esc\u001b", "per%20cent+plus&<tag>", "Straße"];
        foreach (var name in names)
            await _bucket.PutAsync($"docker/registry/v2/repositories/{name}/_manifests/tags/latest/current/link", Manifest);
        await _bucket.PutAsync("repositories/team/a%252Fb/tag_1");
        using var handler = new EncodingKeys(new SocketsHttpHandler { UseProxy = false });
        using var client = new WatchedS3(_bucket.Endpoint, handler);
        using var storage = TestStorage.Of(new S3Tree(client, _bucket.Name, ""));
        var all = await storage.ReadAllAsync();
        all.Select(stored => stored.Repository.Name).Should().BeEquivalentTo([.. names, "team-0/app-0000", "team-1/app-0001", "team/a/b"]);
        all.Should().OnlyContain(stored => stored.IsCertain && stored.Problem == null);
    }

    [Fact]
    public async Task Names_of_any_characters_are_listed_and_shown_without_control_characters()
    {
        await FillAsync(1);
        foreach (var name in (string[])["tab\t", "caf\u00e9 \u202e", "line\nbreak", "per%20cent+plus&amp;<tag>"])
            await _bucket.PutAsync($"docker/registry/v2/repositories/{name}/_manifests/tags", "an object");
        var all = await _bucket.Storage().ReadAllAsync();
        all.Where(stored => stored.IsCertain).Should().ContainSingle();
        all.Where(stored => !stored.IsCertain).Should().HaveCount(4).And.OnlyContain(stored => !stored.Problem!.Any(character => char.IsControl(character) || character == '\u202e'));
        all.Select(stored => stored.Repository.Name).Should().Contain("per%20cent+plus&amp;<tag>");
    }

    [Theory]
    [InlineData(403, "InvalidObjectState", false)] // archived
    [InlineData(403, "AccessDenied", false)]
    [InlineData(429, "TooManyRequests", true)]
    [InlineData(503, "SlowDown", true)]
    public async Task A_refused_object_is_a_problem_of_its_image_and_a_temporary_failure_is_to_be_read_again(int status, string code, bool isToBeReadAgain)
    {
        await FillAsync(3);
        const string Other = "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
        await _bucket.PutAsync("docker/registry/v2/repositories/odd/_manifests/tags/latest/current/link", Other);
        _bucket.Client.BeforeReading = key =>
        {
            if (key.Contains("/cccccc", StringComparison.Ordinal))
                throw new AmazonS3Exception("No") { ErrorCode = code, StatusCode = (HttpStatusCode)status };
        };
        var all = await _bucket.Storage().ReadAllAsync();
        all.Should().HaveCount(4);
        all[0].Should().Match<StoredRepository>(odd => odd.Repository.WithoutFacts() == new Repository("odd") && odd.IsCertain && odd.Problem!.Contains("cannot be read", StringComparison.Ordinal));
        (all[0].Failure is not null).Should().Be(isToBeReadAgain);
        all[1..].Should().OnlyContain(stored => stored.Problem == null && stored.Repository.Description == "what it is");
    }

    private async Task FillAsync(int count)
    {
        await _bucket.PutAsync(ManifestKey, """{"schemaVersion":2,"annotations":{"org.opencontainers.image.description":"what it is"}}""");
        for (var i = 0; i < count; i++)
            await _bucket.PutAsync($"docker/registry/v2/repositories/team-{i % 4}/app-{i:d4}/_manifests/tags/latest/current/link", Manifest);
    }

    private async Task<Counts> CountAsync()
    {
        _bucket.Client.Listed.Clear();
        _bucket.Client.Read.Clear();
        var repositories = (await _bucket.Storage().ReadAllAsync()).Count;
        return new(repositories, _bucket.Client.Listed.Count, _bucket.Client.Read.Count);
    }

    private sealed record Counts(int Repositories, int Listings, int Reads);

    /// <summary>Encodes the keys in listings if the request asks for it, which this S3 server does not do.</summary>
    private sealed partial class EncodingKeys(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (!request.RequestUri!.Query.Contains("encoding-type=url", StringComparison.Ordinal))
                return answer;
            var listing = Keys().Replace(await answer.Content.ReadAsStringAsync(cancellationToken), match =>
                $"<{match.Groups[1]}>{WebUtility.UrlEncode(WebUtility.HtmlDecode(match.Groups[2].Value)).Replace("%2F", "/", StringComparison.Ordinal)}</");
            answer.Content = new StringContent(listing.Replace("</ListBucketResult>", "<EncodingType>url</EncodingType></ListBucketResult>", StringComparison.Ordinal));
            return answer;
        }

        [GeneratedRegex("<(Key|Prefix)>([^<]*)</")]
        private static partial Regex Keys();
    }

    /// <summary>Answers the first request for an object with "busy", and the second one with half of the object.</summary>
    private sealed class Stumbling(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _asked = new();

        public int Stumbles { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.PathAndQuery;
            var time = _asked.AddOrUpdate(path, 1, (_, before) => before + 1);
            if (time == 1 && path.Contains("link", StringComparison.Ordinal))
            {
                Stumbles++;
                return new(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("<Error><Code>SlowDown</Code></Error>"), RequestMessage = request };
            }

            var answer = await base.SendAsync(request, cancellationToken);
            if (time == 1 && path.EndsWith("data", StringComparison.Ordinal))
            {
                Stumbles++;
                var length = answer.Content.Headers.ContentLength!.Value;
                answer.Content = new StreamContent(new MemoryStream(new byte[length / 2])) { Headers = { ContentLength = length } };
            }

            return answer;
        }
    }
}
