using RegistryIndex.Server.Following;
using RegistryIndex.Server.Http;

namespace RegistryIndex.Server.Events;

/// <summary>
/// <c>POST /events</c>: distribution's notifications. Answers 202 as soon as the body is read, since the registry waits a second at
/// most; what the events hint at is looked up behind it.
/// </summary>
internal static class EventsEndpoint
{
    public const int MaxBody = 1 << 20; // an event is about a kilobyte, and distribution sends one at a time
    private const int PartSize = 16 << 10;

    public static async Task<IResult> ReceiveAsync(HttpContext context, Follower follower, FollowMetrics metrics)
    {
        try
        {
            if (await TryReadAsync(context.Request, context.RequestAborted) is not { } body)
            {
                metrics.Event("too_large");
                return Errors.Json(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {MaxBody >> 20} MiB; send fewer events at a time.");
            }

            foreach (var read in EventReader.Read(body))
            {
                metrics.Event(read.Outcome switch
                {
                    EventOutcome.Noted => "noted",
                    EventOutcome.NoSuchName => "no_such_name",
                    _ => "ignored",
                });
                if (read.Outcome == EventOutcome.Noted)
                    follower.Note(read.Repository, read.Hint);
            }

            return TypedResults.StatusCode(StatusCodes.Status202Accepted);
        }
        catch (FormatException error)
        {
            metrics.Event("malformed");
            return Errors.Json(StatusCodes.Status400BadRequest, error.Message);
        }
        catch (BadHttpRequestException error)
        {
            metrics.Event("malformed");
            return Errors.Json(error.StatusCode, "The body is malformed or broke off.");
        }
    }

    /// <returns>The body; null where it is too large, and then the rest of it is not read here.</returns>
    private static async Task<ReadOnlyMemory<byte>?> TryReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBody)
            return null;
        using var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, PartSize));
        var part = new byte[PartSize];
        for (int read; (read = await request.Body.ReadAsync(part, cancellationToken)) > 0;)
        {
            if (body.Length + read > MaxBody)
                return null;
            body.Write(part.AsSpan(0, read));
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
