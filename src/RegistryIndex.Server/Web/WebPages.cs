using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.Answers;
using RegistryIndex.Server.Http;

namespace RegistryIndex.Server.Web;

/// <summary>Adds the pages for people, below <c>/ui/</c>.</summary>
internal static class WebPages
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddWebPages(this IServiceCollection services) => services
        .AddSingleton<WebAssets>().AddSingleton<WebLinks>().AddSingleton<FirstPage>().AddSingleton<IErrorPages, WebErrors>()
        .AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true; // the pages hold no secret that their length could give away
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml", OpenSearch.Type];
        })
        .Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest)
        .Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);

    /// <summary>Runs before the middleware that sets the headers of all answers.</summary>
    public static void UseWebPages(this WebApplication app)
    {
        if (!IsOn(app))
            return;
        app.UseWhen(context => context.Request.Path.StartsWithSegments(WebLinks.Root), pages =>
        {
            pages.Use((context, next) =>
            {
                // What was registered first is called last.
                context.Response.OnStarting(() =>
                {
                    var headers = context.Response.Headers;
                    headers.ContentSecurityPolicy = Policy;
                    headers.CacheControl = IsAsset(context) ? "public, max-age=31536000, immutable" : "private, no-cache"; // Back shows a page as it was
                    return Task.CompletedTask;
                });
                return next(context);
            });
            pages.UseResponseCompression();
        });
    }

    public static void MapWebPages(this WebApplication app)
    {
        if (!IsOn(app))
            return;
        app.Map("/", Lead);
        app.MapPage("/", SearchPages.SearchAsync);
        app.MapPage("/r/{**name:minlength(1)}", RepositoryPages.GetAsync);
        app.MapPage("/n/{**prefix:minlength(1)}", NamespacePages.ListAsync);
        app.MapRead("/opensearch.xml", OpenSearch.Get);
        app.MapRead("/assets/{file}", WebAssets.Get);
    }

    /// <summary>Whether a browser asks for <c>/</c>, which it does with HTML in <c>Accept</c>. All other clients are answered as if there were no pages.</summary>
    public static bool IsBrowserAtRoot(HttpRequest request) =>
        request.Path == "/" && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == "text/html" && accepted.Quality is not 0);

    private static bool IsOn(WebApplication app) => app.Services.GetRequiredService<IOptions<WebOptions>>().Value.IsOn;

    private static bool IsAsset(HttpContext context) =>
        context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified && context.Request.Path.StartsWithSegments(WebLinks.Root + "/assets");

    private static IResult Lead(HttpContext context, WebLinks links) =>
        IsBrowserAtRoot(context.Request) ? TypedResults.Redirect(links.Home) : TypedResults.StatusCode(StatusCodes.Status404NotFound);

    private static RouteHandlerBuilder MapPage(this WebApplication app, string path, Delegate answer) =>
        app.MapRead(path, answer).AddEndpointFilter<OncePerParameter>().AddEndpointFilter<WhenInitialized>().AddEndpointFilter<SearchTurnFilter>();

    private static RouteHandlerBuilder MapRead(this WebApplication app, string path, Delegate answer) =>
        app.MapMethods(WebLinks.Root + path, [HttpMethods.Get, HttpMethods.Head], answer);
}
