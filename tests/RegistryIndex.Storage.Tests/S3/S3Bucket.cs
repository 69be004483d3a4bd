using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using RegistryIndex.Storage.S3;
using RegistryIndex.Testing.S3;

namespace RegistryIndex.Storage.Tests.S3;

/// <summary>A bucket for a test on a real S3 server.</summary>
internal sealed class S3Bucket : IDisposable
{
    public const string Key = "test";
    public const string Secret = "test-secret";

    private S3Bucket(string endpoint) => (Endpoint, Client) = (endpoint, new WatchedS3(endpoint));

    public string Endpoint { get; }

    public string Name { get; } = "b" + Guid.NewGuid().ToString("n");

    public WatchedS3 Client { get; }

    public static async Task<S3Bucket> NewAsync()
    {
        var server = await S3Server.GetAsync();
        if (server.Endpoint is null && S3Server.IsRequired)
            Assert.Fail(server.WhyNot!);
        Assert.SkipWhen(server.Endpoint is null, server.WhyNot ?? "");
        var bucket = new S3Bucket(server.Endpoint!);
        await bucket.Client.PutBucketAsync(bucket.Name, TestContext.Current.CancellationToken);
        return bucket;
    }

    public RegistryStorage Storage(string prefix = "") => TestStorage.Of(new S3Tree(Client, Name, prefix));

    public Task PutAsync(string key, string content = "") => Client.PutObjectAsync(
        new PutObjectRequest { BucketName = Name, Key = key, ContentBody = content }, TestContext.Current.CancellationToken);

    /// <summary>Uploads the files of a directory without changes.</summary>
    public Task PutDirectoryAsync(string directory, string prefix) => Parallel.ForEachAsync(
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories),
        TestContext.Current.CancellationToken,
        async (file, cancellation) => await Client.PutObjectAsync(
            new PutObjectRequest { BucketName = Name, Key = prefix + Path.GetRelativePath(directory, file), FilePath = file }, cancellation));

    public void Dispose() => Client.Dispose();
}

/// <summary>A client that records its requests and can run code before them.</summary>
internal sealed class WatchedS3(string endpoint, HttpMessageHandler? handler = null) : AmazonS3Client(new BasicAWSCredentials(S3Bucket.Key, S3Bucket.Secret), Configure(endpoint, handler))
{
    /// <summary>The prefixes listed, once for each page.</summary>
    public ConcurrentQueue<string> Listed { get; } = [];

    /// <summary>The keys read.</summary>
    public ConcurrentQueue<string> Read { get; } = [];

    /// <summary>Called before each listing. It may throw.</summary>
    public Action<ListObjectsV2Request> BeforeListing { get; set; } = _ => { };

    /// <summary>Called before each read with its key. It may throw.</summary>
    public Action<string> BeforeReading { get; set; } = _ => { };

    public override Task<ListObjectsV2Response> ListObjectsV2Async(ListObjectsV2Request request, CancellationToken cancellationToken = default)
    {
        Listed.Enqueue(request.Prefix);
        BeforeListing(request);
        return base.ListObjectsV2Async(request, cancellationToken);
    }

    public override Task<GetObjectResponse> GetObjectAsync(GetObjectRequest request, CancellationToken cancellationToken = default)
    {
        Read.Enqueue(request.Key);
        BeforeReading(request.Key);
        return base.GetObjectAsync(request, cancellationToken);
    }

    private static AmazonS3Config Configure(string endpoint, HttpMessageHandler? handler)
    {
        using var ours = S3Client.Create(new() { Endpoint = endpoint, ForcePathStyle = true, AccessKey = S3Bucket.Key, SecretKey = S3Bucket.Secret });
        var config = (AmazonS3Config)ours.Config;
        if (handler is not null)
            config.HttpClientFactory = new Factory(handler);
        return config;
    }

    private sealed class Factory(HttpMessageHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler);
    }
}
