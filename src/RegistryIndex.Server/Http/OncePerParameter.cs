using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Http;

/// <summary>Refuses a parameter that is there more than once: whichever value counted, somebody would get the answer to another question.</summary>
internal sealed class OncePerParameter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var (name, values) in context.HttpContext.Request.Query)
        {
            if (values.Count > 1)
                return Errors.For(context.HttpContext, StatusCodes.Status400BadRequest, $"The parameter '{RepositoryName.Shown(name)}' is there {values.Count} times: send it once.");
        }

        return await next(context);
    }
}
