using Microsoft.AspNetCore.Http.Features;
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

    public static async Task<IResult> ReceiveAsync(HttpContext context, Follower follower, FollowMetrics metrics)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxBody;
        try
        {
            var body = await ReadAsync(context.Request, context.RequestAborted);
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
            metrics.Event(error.StatusCode == StatusCodes.Status413PayloadTooLarge ? "too_large" : "malformed");
            return Errors.Json(error.StatusCode, error.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"The body is larger than {MaxBody >> 20} MiB; send fewer events at a time."
                : "The body is malformed or broke off.");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, 16 << 10));
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
