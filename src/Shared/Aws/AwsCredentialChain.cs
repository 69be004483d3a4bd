using System.Net;
using System.Net.Sockets;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace RegistryIndex.Aws;

/// <summary>
/// The credentials of the AWS SDK's own chain. If the chain provides none, the exception says what was configured, why it failed, and whether
/// it may succeed later. The SDK itself would go on to the next member of the chain and name none. Thread-safe.
/// </summary>
/// <param name="newConfig">Creates an empty configuration of the client that uses the credentials.</param>
/// <param name="settings">The settings that can be used instead, as text for people.</param>
internal sealed class AwsCredentialChain(Func<ClientConfig> newConfig, string settings) : AWSCredentials
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(35); // the SDK's own limit

    private const int MostOfToken = 64 << 10; // characters to examine

    private const long BetweenRenewals = 5_000; // milliseconds; many requests are refused at once

    // An error of the container's credentials keeps only the text of a network error.
    private static readonly string[] NetworkProblems =
    [
        .. new[] { SocketError.ConnectionRefused, SocketError.ConnectionReset, SocketError.HostUnreachable, SocketError.NetworkUnreachable, SocketError.TimedOut }.Select(code => new SocketException((int)code).Message),
        "does not indicate success: 5", "does not indicate success: 429",
    ];

    private volatile Member? _chosen;
    private volatile RefreshingAWSCredentials? _temporary;
    private long _renewed = -BetweenRenewals;

    /// <inheritdoc/>
    public override ImmutableCredentials GetCredentials()
    {
        var member = _chosen ??= Choose();
        try
        {
            return Note(DefaultAWSCredentialsIdentityResolver.GetCredentials(member.Config)).GetCredentials();
        }
        catch (Exception error)
        {
            throw Explain(member.Source, error);
        }
    }

    /// <inheritdoc/>
    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        var member = _chosen ??= Choose();
        try
        {
            var credentials = Note(await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(member.Config).ConfigureAwait(false));
            return await credentials.GetCredentialsAsync().WaitAsync(Longest).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            throw Explain(member.Source, error);
        }
    }

    /// <summary>Discards temporary credentials that AWS reports as expired, even if this machine's clock disagrees.</summary>
    /// <returns>Whether the next request is signed with other credentials.</returns>
    public bool Renew()
    {
        if (_temporary is not { } temporary)
            return false;
        var (now, renewed) = (Environment.TickCount64, Interlocked.Read(ref _renewed));
        if (now - renewed >= BetweenRenewals && Interlocked.CompareExchange(ref _renewed, now, renewed) == renewed)
            temporary.ClearCredentials();
        return true;
    }

    private AWSCredentials Note(AWSCredentials credentials)
    {
        _temporary = credentials as RefreshingAWSCredentials;
        return credentials;
    }

    // If a profile is configured, only that profile is asked. Credentials of another member of the chain would not be what the user wants.
    private Member Choose()
    {
        var (source, config) = (AwsCredentialSource.Find(), newConfig());
        if (source?.Profile is { } name)
            config.Profile = new Profile(name);
        return new(source, config);
    }

    private AwsCredentialsException Explain(AwsCredentialSource? source, Exception error)
    {
        _chosen = null; // the user may repair it, or configure another one, before the next attempt
        if (source is null)
            return new($"set {settings}, or use any source that the AWS SDK knows");
        if (source.TokenFile is { } file && FindProblem(file) is { } problem)
            return new($"{source.Name}, because the token file '{file}' cannot be read ({problem}); check that it exists and that the user of this program may read it");
        var cause = Causes(error).OfType<AmazonServiceException>().FirstOrDefault(service => !string.IsNullOrEmpty(service.ErrorCode)) ?? error;
        return new($"{source.Name} ({AwsCredentialSource.ReasonOf(cause)}); {source.AdviceOn(cause)}", MayPass(error), error);
    }

    private static string? FindProblem(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            var start = new char[MostOfToken];
            var read = reader.ReadBlock(start);
            return read == 0 ? "it is empty" : start.AsSpan(0, read).Contains('\0') ? "it is not a text file" : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return error is FileNotFoundException or DirectoryNotFoundException ? "it does not exist" : AwsDefaults.Line(error);
        }
    }

    // Only errors of a network or a busy service. Problems of a file or an assembly, and refusals, do not pass.
    private static bool MayPass(Exception error)
    {
        var causes = Causes(error).ToList();
        return !causes.Exists(cause => cause is FileNotFoundException or DirectoryNotFoundException or FileLoadException or BadImageFormatException)
            && causes.Exists(cause => cause switch
            {
                AmazonServiceException { StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests } => true,
                AmazonServiceException { ErrorCode: null or "" } unanswered => NetworkProblems.Any(problem => unanswered.Message.Contains(problem, StringComparison.Ordinal)),
                AmazonServiceException service => service.ErrorCode is "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "IDPCommunicationError",
                HttpRequestException http => http.StatusCode is null or >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests,
                SocketException or TimeoutException or OperationCanceledException => true,
                _ => false,
            });
    }

    private static IEnumerable<Exception> Causes(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    private sealed record Member(AwsCredentialSource? Source, ClientConfig Config);
}
