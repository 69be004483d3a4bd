using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using RegistryIndex.Failures;
using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Http;

/// <summary><c>GET /v1/search</c>, with the requests of docker, podman and docker/migrator and the answers of Quay.</summary>
internal static class SearchEndpoint
{
    // For a page by number, all pages before it are read again, and each request may cost one search only; a list of all repositories has an
    // order that needs no ranking. Clients that want more follow the continuation.
    private const int MostRanked = SearchRequest.MaxLimit;
    private const int MostListed = 5 * SearchRequest.MaxLimit;

    public static async Task<Results<JsonHttpResult<SearchAnswer>, JsonHttpResult<ErrorAnswer>>> SearchAsync(
        HttpContext context, IRegistryIndex index, SearchedReferences references, string? q, string? n, string? page, string? continuation)
    {
        if (!TryRead(n, SearchRequest.DefaultLimit, out var size) || !TryRead(page, 1, out var number))
            return Errors.Json(400, "The parameters 'n' and 'page' must be whole numbers.");
        (size, number) = (Math.Clamp(size, 1, SearchRequest.MaxLimit), Math.Clamp(number, 1, int.MaxValue - 1));
        if (continuation is null && number > 1 && (long)number * size > (string.IsNullOrWhiteSpace(q) ? MostListed : MostRanked))
            return TooFarDown();
        var skipped = continuation is null ? (number - 1) * size : 0; // with a continuation, the number is only a label
        var session = new SearchSession(skipped + size);
        try
        {
            var (reader, read) = await references.ReadAsync(index, q, continuation, skipped + size, session, context.RequestAborted);
            if (read.Count < skipped && !reader.IsAtEnd)
                return TooFarDown();
            if (reader.Continuation is not null)
                context.Response.Headers.Link = Link(context.Request.PathBase, reader.Query, size, number + 1, reader.Continuation);
            return TypedResults.Json(
                SearchAnswer.Of(reader.Query ?? "", number, size, [.. read.Skip(skipped)], reader.Continuation), ServerJson.Default.SearchAnswer);
        }
        catch (ArgumentException error)
        {
            return Errors.Json(400, Failure.ToSentence(error));
        }

        // Counting this far would exceed the cost of the request, or the provider cannot do it for one.
        JsonHttpResult<ErrorAnswer> TooFarDown() =>
            Errors.Json(400, $"Page {number} of {size} is too far down; follow the continuation, or the Link header, of the previous page.");
    }

    private static bool TryRead(string? text, int missing, out int number)
    {
        number = missing;
        return string.IsNullOrEmpty(text) || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    private static string Link(PathString pathBase, string? q, int size, int page, string continuation)
    {
        var query = new QueryBuilder
        {
            { "q", q ?? "" },
            { "n", size.ToString(CultureInfo.InvariantCulture) },
            { "page", page.ToString(CultureInfo.InvariantCulture) },
            { "continuation", continuation },
        };
        return $"<{pathBase}/v1/search{query}>; rel=\"next\"";
    }
}
