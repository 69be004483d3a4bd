using System.Net;
using System.Runtime.CompilerServices;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.S3;

/// <summary>
/// The part of an S3 bucket below a prefix. A directory is a common prefix of keys up to a <c>/</c>. Listings use this delimiter, so that
/// their cost depends on the entries of the directory and not on everything below it.
/// </summary>
internal sealed class S3Tree(IAmazonS3 client, string bucket, string prefix) : IStorageTree, IDisposable
{
    // The client retries requests, but not bodies that break off while they are read.
    private const int Attempts = 3;
    private const int MostShown = 300;

    private readonly string _root = prefix.Trim('/') is { Length: > 0 } inner ? inner + "/" : "";

    public string Location => $"s3://{bucket}/{_root.TrimEnd('/')}";

    // A request waits some tens of milliseconds for the network, and the store can serve thousands.
    public int AtATime => 16;

    public async Task<IReadOnlyList<TreeEntry>?> ListAsync(string path, CancellationToken cancellationToken)
    {
        Check("directory", path);
        var directory = path.Length == 0 ? _root : $"{_root}{path}/";
        var (entries, isThere) = (new List<TreeEntry>(), false);
        await foreach (var page in ListPagesAsync(directory, cancellationToken))
        {
            foreach (var below in page.CommonPrefixes ?? [])
                entries.Add(new(Key(page, below)[directory.Length..^1], IsDirectory: true));
            foreach (var file in page.S3Objects ?? [])
            {
                isThere = true; // an empty object with the directory's own name, as consoles create it, is a directory without entries
                if (Key(page, file.Key) is var key && key.Length > directory.Length)
                    entries.Add(new(key[directory.Length..], IsDirectory: false));
            }
        }

        if (isThere || entries.Count > 0)
            return entries;
        await CheckIsGoneAsync(path, cancellationToken);
        return null;
    }

    public async Task<TreeFile?> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        Check("object", path);
        try
        {
            return await RunAsync("object", _root + path, () => ReadOnceAsync(_root + path, limit, cancellationToken), cancellationToken);
        }
        catch (StorageException error) when (error.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" })
        {
            return null;
        }
    }

    public void Dispose() => client.Dispose();

    // A key may have any segments, but a URL drops these, and another object would be read.
    private void Check(string what, string path)
    {
        if (path.Length > 0 && path.Split('/').Any(segment => segment is "" or "." or ".."))
            throw Misplaced(what, path, "its key has an empty segment, '.' or '..'");
    }

    /// <summary>Checks that a directory does not exist: an object may be in its place, or in the place of a parent.</summary>
    private async Task CheckIsGoneAsync(string path, CancellationToken cancellationToken)
    {
        for (var above = path; above.Length > 0; above = above[..Math.Max(above.LastIndexOf('/'), 0)])
        {
            if (await IsObjectAsync(_root + above, cancellationToken))
                throw Misplaced("directory", path, above == path ? "it is an object" : $"'{Shown(_root + above)}' is an object");
        }
    }

    // Keys are in order, so a key that equals the prefix comes first.
    private async Task<bool> IsObjectAsync(string key, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = key, Delimiter = "/", MaxKeys = 1, Encoding = EncodingType.Url };
        var page = await RunAsync("listing", key, () => client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
        return page.S3Objects?.FirstOrDefault() is { } first && Key(page, first.Key) == key;
    }

    // Keys are encoded, as XML does not have all characters that a key may have. Some servers ignore the request to encode.
    private static string Key(ListObjectsV2Response page, string text) => page.Encoding == EncodingType.Url ? WebUtility.UrlDecode(text) : text;

    private StorageException Misplaced(string what, string path, string problem) => new(
        $"The {what} '{Shown(_root + path)}' of the bucket '{bucket}' cannot be read ({problem}): check that it is as the registry created it.")
    {
        IsOfOnePlace = true,
    };

    private static string Shown(string key) => RepositoryName.Shown(key, MostShown);

    private async IAsyncEnumerable<ListObjectsV2Response> ListPagesAsync(string directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = directory, Delimiter = "/", Encoding = EncodingType.Url };
        do
        {
            var page = await RunAsync("listing", directory, () => client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            yield return page;
            request.ContinuationToken = page.IsTruncated == true
                ? page.NextContinuationToken ?? throw Unreadable("listing", directory, "the answer says that there is more, but not where", null)
                : null;
        }
        while (request.ContinuationToken is not null);
    }

    private async Task<TreeFile> ReadOnceAsync(string key, int limit, CancellationToken cancellationToken)
    {
        // One byte more than the limit shows that the object is too large.
        using var answer = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new(0, limit) }, cancellationToken);
        var content = new byte[Math.Min(answer.ContentLength, limit + 1)];
        var length = await answer.ResponseStream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        if (length < content.Length)
            throw new IOException($"only {length} of {content.Length} bytes arrived");
        return new(length > limit ? null : content, answer.LastModified?.ToUniversalTime() ?? default);
    }

    private async Task<T> RunAsync<T>(string what, string key, Func<Task<T>> action, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await action();
            }
            catch (IOException) when (attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), cancellationToken);
            }
            catch (Exception error) when (error is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or XmlException // the last for keys that XML has no characters for
                || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested)) // the client's own time limit
            {
                throw Unreadable(what, key, error.Message, error);
            }
        }
    }

    private StorageException Unreadable(string what, string key, string problem, Exception? error) => new(
        $"The {what} '{Shown(key)}' of the bucket '{bucket}' cannot be read ({problem.TrimEnd('.')}): check that bucket, region, endpoint and keys are right, and that the keys allow s3:ListBucket and s3:GetObject.", error)
    {
        // The object may be archived, encrypted with another key, or not readable for this user; wrong credentials fail for listings too.
        IsOfOnePlace = what == "object" && error is AmazonS3Exception { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests },
    };
}
