using System.Net;
using Polly;
using Polly.Retry;

namespace RegistryIndex.Registry.Requests;

/// <summary>Which requests are tried again, and when.</summary>
internal static class Retrying
{
    private const int Times = 3;

    // Who is told to come back later than that gives up; there is a queue, and a next re-sync, to come back from.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>For requests whose answer many repositories need.</summary>
    public static ResiliencePipeline<HttpResponseMessage> Pipeline(TimeProvider time) => Pipeline(time, _ => Times);

    /// <summary>
    /// For the parts of an image. One that is broken answers the same each time, and there may be many: it is tried once more, and
    /// one that does not answer in time not at all. What speaks of the registry is tried as ever.
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
