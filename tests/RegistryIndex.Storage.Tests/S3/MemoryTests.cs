using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using RegistryIndex.Storage.S3;

namespace RegistryIndex.Storage.Tests.S3;

/// <summary>Runs alone, so that the memory of other tests is not counted.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    [Theory]
    [InlineData(100, 100)]
    [InlineData(1, 10_000)]
    public async Task Reading_ten_thousand_repositories_holds_one_directory_in_memory(int namespaces, int inEach)
    {
        using var storage = TestStorage.Of(new S3Tree(new GeneratedS3(namespaces, inEach), "bucket", ""));
        var (count, most, before) = (0, 0L, GC.GetTotalMemory(forceFullCollection: true));
        await foreach (var repository in storage.ReadAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            repository.Repository.Description.Should().Be("generated");
            if (++count % 1_000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        count.Should().Be(10_000);
        most.Should().BeLessThan((long)inEach * 500 + 1_000_000, "only the names beside and above the current one are held");
    }

    /// <summary>Answers like a bucket with a number of namespaces and repositories.</summary>
    private sealed class GeneratedS3(int namespaces, int inEach) : AmazonS3Client(new AnonymousAWSCredentials(), new AmazonS3Config { ServiceURL = "http://127.0.0.1:1" })
    {
        private const string Repositories = "docker/registry/v2/repositories/";
        private const int PageSize = 1_000;

        public override async Task<ListObjectsV2Response> ListObjectsV2Async(ListObjectsV2Request request, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var below = request.Prefix.StartsWith(Repositories, StringComparison.Ordinal) ? request.Prefix[Repositories.Length..] : null;
            var names = (below, below?.Count(c => c == '/')) switch
            {
                (null, _) => request.Prefix.Length == 0 ? ["docker"] : request.Prefix == "docker/registry/v2/" ? ["blobs", "repositories"] : Enumerable.Empty<string>(),
                (_, 0) => Enumerable.Range(0, namespaces).Select(i => $"team-{i:d5}"),
                (_, 1) => Enumerable.Range(0, inEach).Select(i => $"app-{i:d5}"),
                (_, 2) => ["_layers", "_manifests", "_uploads"],
                _ => below.EndsWith("/tags/", StringComparison.Ordinal) ? ["latest"] : [],
            };
            var from = request.ContinuationToken is null ? 0 : int.Parse(request.ContinuationToken, System.Globalization.CultureInfo.InvariantCulture);
            var page = names.Skip(from).Take(PageSize + 1).Select(name => $"{request.Prefix}{name}/").ToList();
            return new()
            {
                CommonPrefixes = [.. page.Take(PageSize)],
                IsTruncated = page.Count > PageSize,
                NextContinuationToken = page.Count > PageSize ? $"{from + PageSize}" : null,
            };
        }

        public override async Task<GetObjectResponse> GetObjectAsync(GetObjectRequest request, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var content = Encoding.UTF8.GetBytes(request.Key.EndsWith("link", StringComparison.Ordinal)
                ? "sha256:" + new string('a', 64)
                : """{"annotations":{"org.opencontainers.image.description":"generated"}}""");
            return new() { ResponseStream = new MemoryStream(content), ContentLength = content.Length, LastModified = DateTime.UtcNow };
        }
    }
}
