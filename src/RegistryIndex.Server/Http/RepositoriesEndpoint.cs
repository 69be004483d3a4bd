using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using RegistryIndex.Failures;
using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Http;

/// <summary><c>GET /api/v1/repositories</c> and one of them: searches and what is known of a repository, with its facts.</summary>
internal static class RepositoriesEndpoint
{
    public static async Task<IResult> ListAsync(
        HttpContext context,
        IRegistryIndex index,
        SearchedReferences references,
        [Description("Words that must all occur in the name or the description; without words, all repositories are returned. If a reference or pull command finds nothing, its names are searched for.")] string? q,
        [Description("relevance: the best match first, or by name if there are no words. name: by name. pushed: the last push first. name and pushed are for requests without words.")] string? sort,
        [Description("The maximum number of repositories on a page, 1 to 100; the default is 25.")] string? limit,
        [Description("The continuation of the previous page.")] string? continuation)
    {
        if (!PageLimit.TryRead(limit, SearchRequest.DefaultLimit, SearchRequest.MaxLimit, out var size))
            return PageLimit.Refuse();
        if (FindOrder(sort) is not { } order)
            return Errors.For(context, StatusCodes.Status400BadRequest, "The parameter 'sort' must be relevance, name or pushed.");
        if (sort == "name" && !string.IsNullOrWhiteSpace(q))
            return Errors.For(context, StatusCodes.Status400BadRequest, "The order by name is only for requests without words: omit 'q' or 'sort'.");
        try
        {
            var (reader, repositories) = await references.ReadAsync(index, q, continuation, size, new SearchSession(size), context.RequestAborted, order);
            if (reader.Continuation is not null)
                context.Response.Headers.Link = Link(context.Request.PathBase, reader.Query, sort, size, reader.Continuation);
            return TypedResults.Json(new RepositoriesAnswer([.. repositories.Select(RepositoryAnswer.Of)], reader.Continuation), ServerJson.Default.RepositoriesAnswer);
        }
        catch (ArgumentException error)
        {
            return Errors.For(context, StatusCodes.Status400BadRequest, Failure.ToSentence(error));
        }
    }

    public static async Task<IResult> GetAsync(HttpContext context, IRegistryIndex index, [Description("The full name, with unescaped slashes.")] string name) =>
        await index.GetAsync(name, context.RequestAborted) is { } repository
            ? TypedResults.Json(RepositoryAnswer.Of(repository), ServerJson.Default.RepositoryAnswer)
            : NotFound(context, name);

    public static IResult NotFound(HttpContext context, string name) =>
        Errors.For(context, StatusCodes.Status404NotFound, $"The index has no repository '{RepositoryName.Shown(name)}'.");

    private static SearchOrder? FindOrder(string? sort) => sort switch
    {
        null or "" or "relevance" or "name" => SearchOrder.Relevance,
        "pushed" => SearchOrder.Pushed,
        _ => null,
    };

    private static string Link(PathString pathBase, string? q, string? sort, int size, string continuation)
    {
        var query = new QueryBuilder();
        if (!string.IsNullOrEmpty(q))
            query.Add("q", q);
        if (!string.IsNullOrEmpty(sort))
            query.Add("sort", sort);
        query.Add("limit", size.ToString(CultureInfo.InvariantCulture));
        query.Add("continuation", continuation);
        return $"<{pathBase}/api/v1/repositories{query}>; rel=\"next\"";
    }
}
