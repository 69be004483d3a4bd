using RegistryIndex.Failures;
using RegistryIndex.Server.Answers;
using RegistryIndex.Server.Http;

namespace RegistryIndex.Server.Web;

/// <summary><c>GET /ui/</c>: the results of a search; without words, the repositories that were pushed last.</summary>
internal static class SearchPages
{
    public static async Task<IResult> SearchAsync(
        HttpContext context, IRegistryIndex index, SearchedReferences references, WebLinks links, FirstPage first, string? q, string? continuation)
    {
        try
        {
            if (SearchQuery.Parse(q).Words.Count == 0)
                q = null;
            var order = q is null && index.Capabilities.HasFlag(IndexCapabilities.OrderByPush) ? SearchOrder.Pushed : SearchOrder.Relevance;
            if (continuation is null && await FindReferredAsync(index, references.ReferredIn(q), context.RequestAborted) is { } referred)
                return TypedResults.Redirect(links.Repository(referred.Name));
            var reader = new PageReader(index, q, continuation, new SearchSession(SearchRequest.DefaultLimit), order);
            var repositories = await reader.ReadAsync(SearchRequest.DefaultLimit, context.RequestAborted);
            if (reader.FoundNothing && references.NamesIn(q) is { } names)
                return TypedResults.Redirect(links.Search(names));
            var page = new WebPage<ResultsPage>(new()
            {
                [nameof(ResultsPage.Query)] = q,
                [nameof(ResultsPage.Repositories)] = repositories,
                [nameof(ResultsPage.IsFirst)] = continuation is null,
                [nameof(ResultsPage.Continuation)] = reader.Continuation,
                [nameof(ResultsPage.Order)] = order,
            });
            return q is null && continuation is null ? first.Of(page, repositories, reader.Continuation) : page;
        }
        catch (ArgumentException error)
        {
            return Errors.For(context, StatusCodes.Status400BadRequest, Failure.ToSentence(error));
        }
    }

    private static async Task<Repository?> FindReferredAsync(IRegistryIndex index, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            if (await index.GetAsync(name, cancellationToken) is { } repository)
                return repository;
        }

        return null;
    }
}
