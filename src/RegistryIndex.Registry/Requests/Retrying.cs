using System.Net;
using Polly;
using Polly.Retry;

namespace RegistryIndex.Registry.Requests;

/// <summary>Determines which requests are retried, and when.</summary>
internal static class Retrying
{
    private const int Times = 3;

    // A request that is told to wait longer gives up; the queue or the next re-sync tries it again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>The pipeline for requests whose answers many repositories need.</summary>
    public static ResiliencePipeline<HttpResponseMessage> Pipeline(TimeProvider time) => Pipeline(time, _ => Times);

    /// <summary>
    /// The pipeline for the parts of an image. A broken part fails each time, and there may be many: a failure is retried once, and a
    /// timeout not at all. Failures that concern the registry are retried as usual.
    /// </summary>
    public static ResiliencePipeline<HttpResponseMessage> PipelineOfPart(TimeProvider time) => Pipeline(time, outcome => outcome switch
    {
        { Exception: TimeoutException } => 0,
        { Exception: not null } or { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } => Times,
        _ => 1,
    });

    private static ResiliencePipeline<HttpResponseMessage> Pipeline(TimeProvider time, Func<Outcome<HttpResponseMessage>, int> times) => new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = Times,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = attempt => ValueTask.FromResult(attempt.AttemptNumber < times(attempt.Outcome) && attempt.Outcome switch
            {
                { Exception: HttpRequestException or IOException or TimeoutException } => true,
                { Result: { } response } => IsTemporary(response.StatusCode) && (RetryAfter(response, time) ?? TimeSpan.Zero) <= LongestWait,
                _ => false,
            }),
            DelayGenerator = attempt => ValueTask.FromResult(attempt.Outcome.Result is { } response ? RetryAfter(response, time) : null),
            OnRetry = attempt =>
            {
                attempt.Outcome.Result?.Dispose();
                return ValueTask.CompletedTask;
            },
        }).Build();

    private static bool IsTemporary(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait is { } given ? (given < TimeSpan.Zero ? TimeSpan.Zero : given) : null;
    }
}
