using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace RegistryIndex.Server.Web;

/// <summary>Answers with a Razor component as HTML. It is rendered whole before the first byte is sent.</summary>
/// <remarks>
/// Not <c>RazorComponentResult</c>: its services bring antiforgery and data protection, which set cookies and write keys to the disk.
/// </remarks>
/// <typeparam name="TComponent">The page.</typeparam>
/// <param name="parameters">The parameters of the page, by name.</param>
/// <param name="status">The status of the answer.</param>
internal sealed class WebPage<TComponent>(Dictionary<string, object?> parameters, int status = StatusCodes.Status200OK) : IResult
    where TComponent : IComponent
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var html = await RenderAsync(httpContext.RequestServices);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = WebPage.ContentType;
        // In one piece: WriteAsync(string) would flush the compressed page before its end, and send it in two.
        await httpContext.Response.Body.WriteAsync(html, httpContext.RequestAborted);
    }

    public async Task<byte[]> RenderAsync(IServiceProvider services)
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return Encoding.UTF8.GetBytes(await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString()));
    }
}

internal static class WebPage
{
    public const string ContentType = "text/html; charset=utf-8";
}
