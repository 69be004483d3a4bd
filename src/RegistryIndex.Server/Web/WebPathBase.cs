using Microsoft.Extensions.Options;

namespace RegistryIndex.Server.Web;

/// <summary>
/// Serves the whole server below <c>path_base</c>, whether or not the proxy in front removes it from the path. Links always have it.
/// </summary>
internal static class WebPathBase
{
    /// <summary>Runs before routing.</summary>
    public static void UseWebPathBase(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<WebOptions>>().Value.Base is not { HasValue: true } pathBase)
            return;
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(pathBase, out var rest))
                context.Request.Path = rest.HasValue ? rest : "/";
            context.Request.PathBase = pathBase;
            return next(context);
        });
        app.UseRouting();
    }
}
