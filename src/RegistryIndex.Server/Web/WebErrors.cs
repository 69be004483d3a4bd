using Microsoft.Extensions.Options;
using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Web;

/// <summary>Answers errors below <c>/ui</c> with a page, and a browser at <c>/</c> that has to log in.</summary>
internal sealed class WebErrors(IOptions<WebOptions> options) : IErrorPages
{
    public IResult? Find(HttpContext context, int status, string sentence)
    {
        var isBelow = context.Request.Path.StartsWithSegments(WebLinks.Root);
        if (!options.Value.IsOn || !(isBelow || (status == StatusCodes.Status401Unauthorized && WebPages.IsBrowserAtRoot(context.Request))))
            return null;
        return status == StatusCodes.Status401Unauthorized
            ? new WebPage<LoginPage>(new() { [nameof(LoginPage.Sentence)] = sentence }, status)
            : new WebPage<ErrorPage>(new()
            {
                [nameof(ErrorPage.Status)] = status,
                [nameof(ErrorPage.Sentence)] = sentence,
                [nameof(ErrorPage.Query)] = context.Request.Query["q"] is [var q] ? q : null,
            }, status);
    }
}
