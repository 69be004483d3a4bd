using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Server.Web;

/// <summary>The addresses of the pages, each with <c>path_base</c>.</summary>
internal sealed class WebLinks(IOptions<WebOptions> options, WebAssets assets)
{
    public const string Root = "/ui";

    private readonly string _root = options.Value.Base + Root;

    /// <summary>The page to search in.</summary>
    public string Home => $"{_root}/";

    public string OpenSearch => $"{_root}/opensearch.xml";

    /// <summary>The results of a search; null for all repositories.</summary>
    public string Search(string? q, string? continuation = null)
    {
        var query = new QueryBuilder();
        if (q is not null)
            query.Add("q", q);
        if (continuation is not null)
            query.Add("continuation", continuation);
        return Home + query;
    }

    public string Repository(string name) => $"{_root}/r/{EscapedPath(name)}";

    /// <summary>The page of a repository with its tags.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="continuation">The continuation of the previous tags; null for the first.</param>
    public string Tags(string name, string? continuation = null) => $"{Repository(name)}{new QueryBuilder { { "tags", continuation ?? "" } }}#tags";

    /// <summary>The repositories under a namespace.</summary>
    /// <param name="prefix">The namespace, without a slash at its end.</param>
    /// <param name="after">The last name of the previous page; null for the first.</param>
    public string Namespace(string prefix, string? after = null) =>
        $"{_root}/n/{EscapedPath(prefix)}/{(after is null ? "" : new QueryBuilder { { "after", after } }.ToString())}";

    public string Asset(string name) => $"{_root}/assets/{assets.Find(name).VersionedName}";

    private static string EscapedPath(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
}
