using RegistryIndex.Server.Answers;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Http;

/// <summary>Answers 503 until the index is initialized: before that, there may be no content to search.</summary>
internal sealed class WhenInitialized(IIndexStartup startup) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (startup.IsInitialized)
            return next(context);
        context.HttpContext.Response.Headers.RetryAfter = "1";
        return ValueTask.FromResult<object?>(Errors.For(context.HttpContext, StatusCodes.Status503ServiceUnavailable, "The index is not ready yet; try again in a moment."));
    }
}
