using RegistryIndex.Server.Access;
using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Http;

/// <summary>
/// Makes a request that reads the index wait for its turn. The turn ends before the answer is sent, so a client that reads slowly does not
/// keep its turn. podman requests the catalog when a search fails: that request waits in the same queue, and costs no more than another
/// search.
/// </summary>
internal sealed class SearchTurnFilter(SearchTurns turns, RefusalLog refusals) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        using var turn = await turns.TryTakeAsync(http.RequestAborted);
        if (turn is not null)
            return await next(context);
        refusals.Write(http, "because too many searches wait, or this one has waited too long");
        http.Response.Headers.RetryAfter = "5";
        return Errors.For(http, StatusCodes.Status503ServiceUnavailable, "The index has too many searches at the moment; try again in a few seconds.");
    }
}
