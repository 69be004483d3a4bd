namespace RegistryIndex.Web.Tests.Sites;

/// <summary>One page of each kind and state.</summary>
internal static class Views
{
    /// <summary>The name of each, under which its pictures are kept, and its address.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["first"] = "/ui/",
        ["results"] = "/ui/?q=shop",
        ["many-results"] = "/ui/?q=archive",
        ["no-result"] = "/ui/?q=nothing-of-the-kind",
        ["repository"] = $"/ui/r/{Content.Web}",
        ["repository-with-tags"] = $"/ui/r/{Content.Web}?tags=",
        ["repository-without-facts"] = "/ui/r/plain/nothing-known",
        ["deprecated-repository"] = "/ui/r/legacy/shop",
        ["forged-page-of-tags"] = $"/ui/r/{Content.Web}?tags=nonsense",
        ["chart"] = "/ui/r/charts/shop",
        ["namespace"] = "/ui/n/team/shop/",
        ["no-namespace"] = "/ui/n/no/such/",
        ["not-found"] = "/ui/r/no/such-repository",
        ["bad-request"] = "/ui/?continuation=nonsense",
    };
}
