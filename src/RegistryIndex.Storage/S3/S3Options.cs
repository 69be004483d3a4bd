using RegistryIndex.Addresses;
using RegistryIndex.Aws;

namespace RegistryIndex.Storage;

/// <summary>A bucket, and how it is reached.</summary>
public sealed class S3Options
{
    /// <summary>The bucket: <c>s3_bucket</c>, else <c>boto_bucket</c>.</summary>
    public string? Bucket { get; set; }

    /// <summary>The AWS region: <c>s3_region</c>, else AWS's own (<c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>, the profile's), else <c>us-east-1</c>.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The access key: <c>s3_access_key</c>; without one the AWS SDK's own chain is asked.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The secret to it: <c>s3_secret_key</c>.</summary>
    public string? SecretKey { get; set; }

    /// <summary>The token of keys that are temporary: <c>s3_security_token</c>.</summary>
    public string? SecurityToken { get; set; }

    /// <summary>The URL of another S3 than the region's: <c>s3_endpoint</c>, else made of <c>boto_host</c>, <c>boto_port</c> and <c>s3_secure</c>, else AWS's own (<c>AWS_ENDPOINT_URL_S3</c>, <c>AWS_ENDPOINT_URL</c>, the profile's).</summary>
    public string? Endpoint { get; set; }

    /// <summary>
    /// Whether the bucket is named in the path of a URL instead of in its host: <c>s3_force_path_style</c>, else whether
    /// <c>boto_calling_format</c> is an <c>OrdinaryCallingFormat</c>, else whether the endpoint is not Amazon's.
    /// </summary>
    public bool ForcePathStyle { get; set; }

    internal IEnumerable<string> FindProblems()
    {
        if (AwsDefaults.FindProblem() is { } problem)
            yield return $"{char.ToUpperInvariant(problem[0])}{problem[1..]}.";
        if (Bucket is null)
            yield return "storage is 's3', and no bucket is named: set s3_bucket.";
        if (AccessKey is null != SecretKey is null)
            yield return "One of s3_access_key and s3_secret_key is set, and the other is not: set both, or neither for the AWS SDK's own chain.";
        if (Endpoint is not null && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.AbsolutePath == "/" && url.Query.Length == 0 && HostName.FindProblem(url.Host) is null))
            yield return $"The S3 endpoint is '{RepositoryName.Shown(Endpoint)}', which is no URL of a server: set s3_endpoint (or AWS_ENDPOINT_URL_S3, where that names it) to one such as https://minio.example.com:9000, or boto_host and boto_port to a host and a number.";
    }
}
