using Amazon.Runtime;

namespace RegistryIndex.Aws;

/// <summary>The AWS SDK's own chain gave no credentials.</summary>
/// <param name="reason">What was set and why it gave none, and what to do: a sentence without its beginning and its end.</param>
/// <param name="mayPass">Whether it may give some later without anybody mending anything.</param>
/// <param name="innerException">What was thrown. Kept only where it may pass, as clients send again by its type.</param>
internal sealed class AwsCredentialsException(string reason, bool mayPass = false, Exception? innerException = null)
    : AmazonClientException($"no AWS credentials were found: {reason}", mayPass ? innerException : null)
{
    public string Reason { get; } = reason;

    public bool MayPass { get; } = mayPass;

    /// <summary>The one in an error that a client threw; null where credentials were not what failed.</summary>
    public static AwsCredentialsException? In(Exception? error) => error is null ? null : error as AwsCredentialsException ?? In(error.InnerException);
}
