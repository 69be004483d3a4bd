using Amazon.Runtime;

namespace RegistryIndex.Aws;

/// <summary>The AWS SDK's own chain provided no credentials.</summary>
/// <param name="reason">What was configured, why it failed, and what to do: a sentence without its beginning and its end.</param>
/// <param name="mayPass">Whether it may succeed later without a repair.</param>
/// <param name="innerException">The cause. It is kept only if the failure may pass, because clients retry by its type.</param>
internal sealed class AwsCredentialsException(string reason, bool mayPass = false, Exception? innerException = null)
    : AmazonClientException($"no AWS credentials were found: {reason}", mayPass ? innerException : null)
{
    public string Reason { get; } = reason;

    public bool MayPass { get; } = mayPass;

    /// <summary>Finds the exception among the causes of a client's error. Returns null if credentials were not the cause.</summary>
    public static AwsCredentialsException? In(Exception? error) => error is null ? null : error as AwsCredentialsException ?? In(error.InnerException);
}
