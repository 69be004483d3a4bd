using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.S3;

/// <summary>
/// The part of an S3 bucket below a prefix. A directory is what keys have in common up to a <c>/</c>: it is listed with that
/// delimiter, so that a listing costs by what is in the directory and not by what is below it.
/// </summary>
internal sealed class S3Tree(IAmazonS3 client, string bucket, string prefix) : IStorageTree, IDisposable
{
    // The client itself tries a request again; what breaks while a body is read, it does not see.
    private const int Attempts = 3;

    private readonly string _root = prefix.Trim('/') is { Length: > 0 } inner ? inner + "/" : "";

    public string Location => $"s3://{bucket}/{_root.TrimEnd('/')}";

    // A request waits for the network some tens of milliseconds, and the store has room for thousands.
    public int AtATime => 16;

    public async Task<IReadOnlyList<TreeEntry>?> ListAsync(string path, CancellationToken cancellationToken)
    {
        var directory = path.Length == 0 ? _root : $"{_root}{path}/";
        var (entries, isThere) = (new List<TreeEntry>(), false);
        await foreach (var page in ListPagesAsync(directory, cancellationToken))
        {
            foreach (var below in page.CommonPrefixes ?? [])
                entries.Add(new(below[directory.Length..^1], IsDirectory: true));
            foreach (var file in page.S3Objects ?? [])
            {
                isThere = true; // an empty object of the directory's own name, as consoles make it, is a directory without entries
                if (file.Key.Length > directory.Length)
                    entries.Add(new(file.Key[directory.Length..], IsDirectory: false));
            }
        }

        return isThere || entries.Count > 0 ? entries : null;
    }

    public async Task<TreeFile?> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
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

    private async IAsyncEnumerable<ListObjectsV2Response> ListPagesAsync(string directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = directory, Delimiter = "/" };
        do
        {
            var page = await RunAsync("listing", directory, () => client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            yield return page;
            request.ContinuationToken = page.IsTruncated == true
                ? page.NextContinuationToken ?? throw Unreadable("listing", directory, "it says that there is more, and not where", null)
                : null;
        }
        while (request.ContinuationToken is not null);
    }

    private async Task<TreeFile> ReadOnceAsync(string key, int limit, CancellationToken cancellationToken)
    {
        // One byte more than wanted is enough to know that there are too many.
        using var answer = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new(0, limit) }, cancellationToken);
        var content = new byte[Math.Min(answer.ContentLength, limit + 1)];
        var length = await answer.ResponseStream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        if (length < content.Length)
            throw new IOException($"only {length} of {content.Length} bytes came");
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
            catch (Exception error) when (error is AmazonServiceException or AmazonClientException or HttpRequestException or IOException
                || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested)) // the client's own time limit
            {
                throw Unreadable(what, key, error.Message, error);
            }
        }
    }

    private StorageException Unreadable(string what, string key, string problem, Exception? error) => new(
        $"The {what} '{key}' of the bucket '{bucket}' cannot be read ({problem.TrimEnd('.')}): see that bucket, region, endpoint and keys are right, and the keys allow s3:ListBucket and s3:GetObject.", error)
    {
        // It may be archived, encrypted with another key, or not ours; keys that are wrong are wrong for the listings, too.
        IsOfOneFile = what == "object" && error is AmazonS3Exception { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests },
    };
}
