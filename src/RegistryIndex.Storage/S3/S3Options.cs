using RegistryIndex.Addresses;
using RegistryIndex.Aws;

namespace RegistryIndex.Storage;

/// <summary>A bucket and its connection settings.</summary>
public sealed class S3Options
{
    /// <summary>The bucket: <c>s3_bucket</c>, else <c>boto_bucket</c>.</summary>
    public string? Bucket { get; set; }

    /// <summary>
    /// The AWS region: <c>s3_region</c>, else the AWS settings (<c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>, the profile), else
    /// <c>us-east-1</c>.
    /// </summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The access key: <c>s3_access_key</c>; without one, the AWS SDK's credential chain is used.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The secret key: <c>s3_secret_key</c>.</summary>
    public string? SecretKey { get; set; }

    /// <summary>The session token of temporary keys: <c>s3_security_token</c>.</summary>
    public string? SecurityToken { get; set; }

    /// <summary>
    /// The URL of an S3 endpoint other than the region's: <c>s3_endpoint</c>, else built from <c>boto_host</c>, <c>boto_port</c> and
    /// <c>s3_secure</c>, else the AWS settings (<c>AWS_ENDPOINT_URL_S3</c>, <c>AWS_ENDPOINT_URL</c>, the profile).
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>
    /// Whether a URL has the bucket in its path instead of its host: <c>s3_force_path_style</c>, else whether <c>boto_calling_format</c> is
    /// an <c>OrdinaryCallingFormat</c>, else whether the endpoint is not Amazon's.
    /// </summary>
    public bool ForcePathStyle { get; set; }

    internal IEnumerable<string> FindProblems()
    {
        if (AwsDefaults.FindProblem() is { } problem)
            yield return $"{char.ToUpperInvariant(problem[0])}{problem[1..]}.";
        if (Bucket is null)
            yield return "storage is 's3', but no bucket is set: set s3_bucket.";
        if (AccessKey is null != SecretKey is null)
            yield return "Only one of s3_access_key and s3_secret_key is set: set both, or neither to use the AWS SDK's own chain.";
        if (Endpoint is not null && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.AbsolutePath == "/" && url.Query.Length == 0 && HostName.FindProblem(url.Host) is null))
            yield return $"The S3 endpoint '{RepositoryName.Shown(Endpoint)}' is not the URL of a server: set s3_endpoint (or AWS_ENDPOINT_URL_S3, if it comes from there) to a URL such as https://minio.example.com:9000, or boto_host and boto_port to a host and a number.";
    }
}
