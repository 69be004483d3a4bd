using RegistryIndex.Server.Access;
using RegistryIndex.Server.Answers;
using RegistryIndex.Sources;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Events;

/// <summary>
/// <c>POST /events</c>: accepts distribution's notifications. Answers 202 as soon as the events are queued, since the registry waits a
/// second at most; the look-ups run in the background. Any other answer makes the registry send the events again, so no event is lost after
/// a 202.
/// </summary>
internal static class EventsEndpoint
{
    public const int MaxBody = 1 << 20; // an event is about a kilobyte, and distribution sends one at a time
    private const int PartSize = 16 << 10;

    public static async Task<IResult> ReceiveAsync(HttpContext context, IRegistryFollower follower, IFollowedSource followed, EventMetrics metrics, RefusalLog refusals)
    {
        var cache = followed.Source is IRegistryApi { IsCache: true } api ? api : null;
        try
        {
            if (await TryReadAsync(context.Request, context.RequestAborted) is not { } body)
            {
                metrics.Count("too_large");
                refusals.Write(context, "because the body is too large");
                return Errors.Json(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {MaxBody >> 20} MiB; send fewer events at a time.");
            }

            foreach (var read in EventReader.Read(body, cache is not null))
            {
                if (read.Outcome == EventOutcome.Noted && !await TryNoteAsync(read, follower, cache))
                {
                    metrics.Count("deferred");
                    refusals.Write(context, "because too many repositories wait to be looked up, or the server is ending; the registry sends the event again");
                    context.Response.Headers.RetryAfter = "1";
                    return Errors.Json(StatusCodes.Status503ServiceUnavailable, "The queue of events is full; send this event again in a moment.");
                }

                metrics.Count(read.Outcome switch
                {
                    EventOutcome.Noted => "noted",
                    EventOutcome.NoSuchName => "no_such_name",
                    _ => "ignored",
                });
            }

            return TypedResults.StatusCode(StatusCodes.Status202Accepted);
        }
        catch (FormatException error)
        {
            metrics.Count("malformed");
            refusals.Write(context, "because the body contains no events", sentence: error.Message);
            return Errors.Json(StatusCodes.Status400BadRequest, error.Message);
        }
        catch (BadHttpRequestException error)
        {
            metrics.Count("malformed");
            refusals.Write(context, "because the body is malformed or incomplete");
            return Errors.Json(error.StatusCode, "The body is malformed or incomplete.");
        }
    }

    /// <returns>Whether the queue had room for it.</returns>
    private static async Task<bool> TryNoteAsync(RegistryEvent read, IRegistryFollower follower, IRegistryApi? cache)
    {
        if (read.Pulled is not { } pulled)
            return await follower.TryNoteAsync(read.Repository, read.Notice, read.Push);
        if (cache?.TryNotePull(read.Repository, pulled.Tag, pulled.Digest) != true || await follower.TryNoteAsync(read.Repository, read.Notice))
            return true;
        cache.ForgetPull(read.Repository, pulled.Digest); // the registry sends it again
        return false;
    }

    /// <returns>The body; null when it is too large, and then the rest of it is not read here.</returns>
    private static async Task<ReadOnlyMemory<byte>?> TryReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBody)
            return null;
        using var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, PartSize));
        var part = new byte[PartSize];
        try
        {
            for (int read; (read = await request.Body.ReadAsync(part, cancellationToken)) > 0;)
            {
                if (body.Length + read > MaxBody)
                    return null;
                body.Write(part.AsSpan(0, read));
            }
        }
        catch (IOException error) when (error is not BadHttpRequestException) // such as a chunk whose size is not a number of 32 bits
        {
            throw new BadHttpRequestException("The body is incomplete.", error);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
