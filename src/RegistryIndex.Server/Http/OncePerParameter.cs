using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Http;

/// <summary>Refuses a parameter that appears more than once: with either value, a client could get the answer to another question.</summary>
internal sealed class OncePerParameter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var (name, values) in context.HttpContext.Request.Query)
        {
            if (values.Count > 1)
                return Errors.For(context.HttpContext, StatusCodes.Status400BadRequest, $"The parameter '{RepositoryName.Shown(name)}' occurs {values.Count} times: send it once.");
        }

        return await next(context);
    }
}
