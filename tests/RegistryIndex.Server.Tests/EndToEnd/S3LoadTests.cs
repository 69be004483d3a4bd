using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.S3;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary>The commands with a registry whose images are in S3. Only the setting <c>storage</c> differs.</summary>
public sealed class S3LoadTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _bucket = "b" + Guid.NewGuid().ToString("n");
    private string _endpoint = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var server = await S3Server.GetAsync();
        if (server.Endpoint is null && !S3Server.IsRequired)
            Assert.Skip(server.WhyNot!);
        _endpoint = server.Endpoint ?? throw new InvalidOperationException(server.WhyNot);
        using var client = new AmazonS3Client(new BasicAWSCredentials("test", "test-secret"), new AmazonS3Config { ServiceURL = _endpoint, ForcePathStyle = true });
        await client.PutBucketAsync(_bucket, Cancellation);
        foreach (var file in Directory.EnumerateFiles(SampleRegistry.Path, "*", SearchOption.AllDirectories))
        {
            var key = "registry/" + Path.GetRelativePath(SampleRegistry.Path, file);
            await client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = key, FilePath = file }, Cancellation);
        }
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_load_and_a_first_load_read_the_bucket_of_a_docker_registry_configuration()
    {
        var load = await RegistryIndexProcess.RunAsync(["load", .. Arguments("load.db")]);
        load.ExitCode.Should().Be(0, load.Stderr);
        load.Stderr.Should().Contain("42 added");
        (await RegistryIndexProcess.RunAsync(["search", "vision", .. Arguments("load.db")])).Stdout.Should().Contain("research/vision/models/ocr\tReads text from scanned delivery notes");

        await using var server = await RegistryIndexProcess.ServeAsync(Arguments("serve.db"));
        await server.WaitForAsync("Loaded: 42 added");
    }

    [Fact]
    public async Task A_missing_bucket_is_one_sentence()
    {
        var load = await RegistryIndexProcess.RunAsync(["load", "--set", "s3_bucket=nowhere", .. Arguments("load.db")]);
        load.ExitCode.Should().Be(1);
        load.Stderr.Should().Contain("of the bucket 'nowhere' cannot be read").And.NotContain("   at ").And.NotContain("test-secret");
    }

    private string[] Arguments(string database)
    {
        var file = Path.Combine(_directory.Path, "config.yml");
        File.WriteAllText(file, $"""
            dev:
              storage: s3
              storage_path: /registry
              s3_region: us-east-1
              s3_bucket: {_bucket}
              s3_access_key: test
              s3_secret_key: test-secret
              s3_encrypt: true
              s3_secure: false
              boto_host: 127.0.0.1
              boto_port: {new Uri(_endpoint).Port}
            """);
        return ["--config", file, "--database", $"sqlite:///{_directory.Path}/{database}"];
    }
}
