using System.Xml.Linq;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Server.Web;

/// <summary><c>GET /ui/opensearch.xml</c>: how a browser adds this site to its own search box (OpenSearch 1.1).</summary>
internal static class OpenSearch
{
    public const string Type = "application/opensearchdescription+xml";
    private const int MaxShortName = 16;
    private static readonly XNamespace Namespace = "http://a9.com/-/spec/opensearch/1.1/";

    public static IResult Get(HttpContext context, IOptions<WebOptions> options, WebLinks links)
    {
        var site = $"{SchemeOf(context.Request)}://{context.Request.Host.ToUriComponent()}";
        var title = options.Value.Site;
        var description = new XElement(Namespace + "OpenSearchDescription",
            new XElement(Namespace + "ShortName", Short(title)),
            new XElement(Namespace + "Description", $"Search {title}"),
            new XElement(Namespace + "InputEncoding", "UTF-8"),
            new XElement(Namespace + "Image", new XAttribute("type", "image/svg+xml"), site + links.Asset("icon.svg")),
            new XElement(Namespace + "Url", new XAttribute("type", "text/html"), new XAttribute("method", "get"), new XAttribute("template", $"{site}{links.Home}?q={{searchTerms}}")));
        return TypedResults.Text($"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{description}\n", $"{Type}; charset=utf-8");
    }

    // The whole words at the beginning, or as much of the first as fits.
    private static string Short(string title)
    {
        if (title.Length <= MaxShortName)
            return title;
        var space = title.LastIndexOf(' ', MaxShortName);
        return title[..(space > 0 ? space : char.IsHighSurrogate(title[MaxShortName - 1]) ? MaxShortName - 1 : MaxShortName)];
    }

    // A proxy that ends TLS says so; of several, the first. A client that says it itself changes nothing but its own answer.
    private static string SchemeOf(HttpRequest request) =>
        request.Headers["X-Forwarded-Proto"].ToString().Split(',')[0].Trim().Equals("https", StringComparison.OrdinalIgnoreCase) ? "https" : request.Scheme;
}
