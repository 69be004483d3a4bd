using RegistryIndex.Server.Access;
using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Http;

/// <summary>
/// Has a request that reads the index wait for its turn. The turn ends before the answer is sent, so that a client that reads slowly keeps
/// none. podman asks for the catalog when a search fails: it waits in the same queue, and so costs no more than another search.
/// </summary>
internal sealed class InTurn(SearchTurns turns, RefusalLog refusals) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        using var turn = await turns.TryTakeAsync(http.RequestAborted);
        if (turn is not null)
            return await next(context);
        refusals.Write(http, "as too many searches wait for their turn, or this one has waited too long");
        http.Response.Headers.RetryAfter = "5";
        return Errors.For(http, StatusCodes.Status503ServiceUnavailable, "The index has too many searches to answer at the moment; try again in a few seconds.");
    }
}
