using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using RegistryIndex.Server.Answers;
using RegistryIndex.Sources;

namespace RegistryIndex.Server.Http;

/// <summary><c>GET /api/v1/tags/{name}</c>: the tags of a repository, which the registry is asked for with each request.</summary>
internal static class TagsEndpoint
{
    public static async Task<IResult> ListAsync(
        HttpContext context,
        IRegistryIndex index,
        TagLists lists,
        [Description("The full name, with unescaped slashes.")] string name,
        [Description("The maximum number of tags on a page, 1 to 1,000; the default is 100.")] string? limit,
        [Description("The continuation of the previous page.")] string? continuation)
    {
        if (!PageLimit.TryRead(limit, TagPage.DefaultSize, TagPage.MaxSize, out var size))
            return PageLimit.Refuse();
        if (continuation is not null && !TagPage.IsContinuation(continuation))
            return Errors.For(context, StatusCodes.Status400BadRequest, "The continuation does not belong to this list: start again without one.");
        if (!lists.CanAsk)
            return Errors.For(context, StatusCodes.Status404NotFound, "This server has no registry to ask for tags.");
        if (await index.GetAsync(name, context.RequestAborted) is null)
            return RepositoriesEndpoint.NotFound(context, name); // the registry is asked for nothing that others make up
        return new Answer(lists, name, size, continuation);
    }

    private static string Link(PathString pathBase, string name, int size, string continuation)
    {
        var query = new QueryBuilder { { "limit", size.ToString(CultureInfo.InvariantCulture) }, { "continuation", continuation } };
        return $"<{pathBase}/api/v1/tags/{name}{query}>; rel=\"next\"";
    }

    // Asks the registry while the answer is sent: by then the turn to read the index has ended, which a slow registry must not keep.
    private sealed class Answer(TagLists lists, string name, int size, string? continuation) : IResult
    {
        public async Task ExecuteAsync(HttpContext context) => await (await ToResultAsync(context)).ExecuteAsync(context);

        private async Task<IResult> ToResultAsync(HttpContext context)
        {
            try
            {
                var page = TagPage.Read(await lists.FindAsync(name, context.RequestAborted) ?? [], size, continuation)!;
                if (page.Continuation is { } next)
                    context.Response.Headers.Link = Link(context.Request.PathBase, name, size, next);
                return TypedResults.Json(new TagsAnswer(name, [.. page.Tags.Select(tag => new TagAnswer(tag.Name, tag.Digest, tag.PushedAt))], page.Continuation), ServerJson.Default.TagsAnswer);
            }
            catch (RegistrySourceException)
            {
                context.Response.Headers.RetryAfter = "5";
                return Errors.For(context, StatusCodes.Status503ServiceUnavailable, "The registry cannot return the tags at the moment; try again.");
            }
        }
    }
}
