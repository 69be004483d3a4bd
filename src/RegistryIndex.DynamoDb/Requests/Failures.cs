using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using RegistryIndex.Aws;

namespace RegistryIndex.DynamoDb.Requests;

/// <summary>Tells transient errors of the AWS client from lasting ones, and describes each lasting one in a sentence.</summary>
internal static class Failures
{
    private static readonly HashSet<string> Throttles = new(StringComparer.Ordinal)
    {
        "ProvisionedThroughputExceededException", "ThrottlingException", "Throttling", "RequestLimitExceeded", "LimitExceededException",
    };

    // A new request with a new signature succeeds after each of these.
    private static readonly HashSet<string> Passing = new(StringComparer.Ordinal)
    {
        "InternalServerError", "InternalFailure", "ServiceUnavailable", "TransactionInProgressException", "RequestTimeTooSkewed", "RequestExpired",
    };

    private static readonly HashSet<string> Denials = new(StringComparer.Ordinal)
    {
        "AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException", "MissingAuthenticationTokenException",
        "IncompleteSignatureException", "ExpiredTokenException", "InvalidClientTokenId", "SignatureDoesNotMatch",
    };

    public static bool IsThrottle(Exception error) => error is AmazonServiceException service && Throttles.Contains(service.ErrorCode ?? "");

    /// <summary>Whether DynamoDB refused a request because its table is gone or was replaced by another table of the same name.</summary>
    public static bool IsOfTable(Exception error) =>
        error is ResourceNotFoundException or ResourceInUseException or AmazonServiceException { ErrorCode: "ValidationException" };

    /// <summary>Whether the request was signed with temporary credentials that have expired.</summary>
    public static bool AreCredentialsOld(Exception error) => error is AmazonServiceException { ErrorCode: "ExpiredTokenException" or "ExpiredToken" };

    /// <summary>Whether the request was certainly not carried out, because it was throttled or never signed.</summary>
    public static bool IsRefusal(Exception error) => IsThrottle(error) || AwsCredentialsException.In(error) is not null;

    /// <summary>Whether the same request may succeed when it is sent again.</summary>
    public static bool IsTransient(Exception error, CancellationToken cancellationToken) => error switch
    {
        _ when cancellationToken.IsCancellationRequested => false,
        _ when AwsCredentialsException.In(error) is { } credentials => credentials.MayPass,
        AmazonServiceException service => IsThrottle(service) || Passing.Contains(service.ErrorCode ?? "")
            || service.StatusCode >= HttpStatusCode.InternalServerError || IsNetwork(service.InnerException),
        AmazonClientException client => IsNetwork(client.InnerException),
        _ => IsNetwork(error),
    };

    /// <summary>Whether the store failed, and not this program.</summary>
    public static bool IsOfStore(Exception error, CancellationToken cancellationToken) =>
        error is AmazonServiceException or AmazonClientException || IsLocal(error)
        || (IsNetwork(error) && !cancellationToken.IsCancellationRequested);

    public static string CodeOf(Exception error) =>
        error is AmazonServiceException { ErrorCode: { Length: > 0 } code } ? code : error.GetType().Name;

    /// <summary>Creates the exception for the caller of the index.</summary>
    /// <param name="log">The call.</param>
    /// <param name="target">The table and the place of the request.</param>
    /// <param name="error">The exception of the client.</param>
    /// <param name="ahead">
    /// How far this machine's clock is ahead, if DynamoDB refused the request for that reason even when it was signed with the service's time.
    /// </param>
    /// <param name="cancellationToken">The token of the call.</param>
    public static RegistryIndexException Describe(RequestLog log, Target target, Exception error, TimeSpan? ahead, CancellationToken cancellationToken)
    {
        var mayRetry = ahead is null && IsTransient(error, cancellationToken);
        var problem = error switch
        {
            ResourceNotFoundException =>
                $"the table '{target.Table}' does not exist at {target.Place}; check region, database and table names, and initialize the index; if the table existed, restore it or run `registry-index rebuild --create`.",
            _ when AwsCredentialsException.In(error) is { } credentials => $"no AWS credentials were found for {target.Place}: {credentials.Reason}.",
            _ when ahead is { } off => $"{target.Place} refused a request to the table '{target.Table}' ({CodeOf(error)}), because the clock of this machine is {ClockSkew.Describe(off)}; set it, for example with NTP.",
            AmazonServiceException service when Denials.Contains(service.ErrorCode ?? "") =>
                $"{target.Place} refused the credentials for the table '{target.Table}' ({service.ErrorCode}: {Sentence(service.Message)}); check the keys (access_key, secret_access_key, or where the AWS SDK found them) and the IAM policy.",
            AmazonServiceException service when IsThrottle(service) =>
                $"{target.Place} kept throttling the table '{target.Table}' for longer than retry_timeout ({service.ErrorCode}); try again later.",
            _ when mayRetry =>
                $"{target.Place} did not answer for the table '{target.Table}' ({Sentence(Innermost(error).Message)}); check endpoint, region and network.",
            AmazonServiceException service =>
                $"{target.Place} refused a request to the table '{target.Table}' ({service.ErrorCode}: {Sentence(service.Message)}).",
            // The SDK has no exception type for this failure. The inner exception says where the SDK looked.
            _ when error.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase) =>
                $"no AWS credentials were found for {target.Place}: set access_key and secret_access_key, or use any source that the AWS SDK knows.",
            _ => $"{target.Place} could not be queried for the table '{target.Table}' ({Sentence(error.Message)}).",
        };
        return new RegistryIndexException(DynamoDbProvider.Name, log.Operation, problem, mayRetry, error);
    }

    private static bool IsNetwork(Exception? error) => error is HttpRequestException or TimeoutException or OperationCanceledException or System.Net.Sockets.SocketException
        || (error is IOException && !IsLocal(error)) || (error?.InnerException is { } inner && !IsLocal(error) && IsNetwork(inner));

    // A missing file or assembly does not appear after a wait.
    private static bool IsLocal(Exception? error) => error is FileNotFoundException or DirectoryNotFoundException or DriveNotFoundException or PathTooLongException or FileLoadException
        || (error?.InnerException is { } inner && IsLocal(inner));

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        return error;
    }

    private static string Sentence(string message) => message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}

/// <summary>The table and the place of a request, for error messages.</summary>
/// <param name="Table">The table.</param>
/// <param name="Place">The region or the endpoint.</param>
internal readonly record struct Target(string Table, string Place);
