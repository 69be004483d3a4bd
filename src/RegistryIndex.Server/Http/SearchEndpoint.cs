using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using RegistryIndex.Failures;
using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Http;

/// <summary><c>GET /v1/search</c>, as docker, podman and docker/migrator ask it and Quay answers it.</summary>
internal static class SearchEndpoint
{
    // What comes before a page by number is read again for each page, and a request costs one search, whatever it asks; all repositories are
    // in an order that needs no ranking. Clients that want more follow the continuation.
    private const int MostRanked = SearchRequest.MaxLimit;
    private const int MostListed = 5 * SearchRequest.MaxLimit;

    public static async Task<Results<JsonHttpResult<SearchAnswer>, JsonHttpResult<ErrorAnswer>>> SearchAsync(
        HttpContext context, IRegistryIndex index, TypedReferences references, string? q, string? n, string? page, string? continuation)
    {
        if (!TryRead(n, SearchRequest.DefaultLimit, out var size) || !TryRead(page, 1, out var number))
            return Errors.Json(400, "The parameters 'n' and 'page' are whole numbers.");
        (size, number) = (Math.Clamp(size, 1, SearchRequest.MaxLimit), Math.Clamp(number, 1, int.MaxValue - 1));
        if (continuation is null && number > 1 && (long)number * size > (string.IsNullOrWhiteSpace(q) ? MostListed : MostRanked))
            return TooFarDown();
        var skipped = continuation is null ? (number - 1) * size : 0; // beside a continuation the number is only a label
        var session = new SearchSession(skipped + size);
        try
        {
            var (reader, repositories) = await ReadAsync(continuation is null ? q : Continued(q, continuation, references));
            if (reader.FoundNothing && references.NamesIn(q) is { } names)
                (reader, repositories) = await ReadAsync(names);
            if (repositories is null)
                return TooFarDown();
            if (reader.Continuation is not null)
                context.Response.Headers.Link = Link(reader.Query, size, number + 1, reader.Continuation);
            return TypedResults.Json(
                SearchAnswer.Of(reader.Query ?? "", number, size, repositories, reader.Continuation), ServerJson.Default.SearchAnswer);
        }
        catch (ArgumentException error)
        {
            return Errors.Json(400, Failure.ToSentence(error));
        }

        async Task<(PageReader Reader, IReadOnlyList<Repository>? Repositories)> ReadAsync(string? query)
        {
            var reader = new PageReader(index, query, continuation, session);
            var read = await reader.ReadAsync(skipped + size, context.RequestAborted);
            return (reader, read.Count >= skipped || reader.IsAtEnd ? [.. read.Skip(skipped)] : null);
        }

        // What it takes to count so far the request may not cost, or the backend does not do for one.
        JsonHttpResult<ErrorAnswer> TooFarDown() =>
            Errors.Json(400, $"Page {number} of {size} is too far down to count to; follow the continuation, or the Link header, of the page before.");
    }

    // A continuation belongs to what was searched: the words as they were typed, or the names in them.
    private static string? Continued(string? typed, string continuation, TypedReferences references) =>
        !IsOf(typed, continuation) && references.NamesIn(typed) is { } names && IsOf(names, continuation) ? names : typed;

    private static bool IsOf(string? query, string continuation)
    {
        try
        {
            return new SearchRequest(query, continuation: continuation).After is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool TryRead(string? text, int missing, out int number)
    {
        number = missing;
        return string.IsNullOrEmpty(text) || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    private static string Link(string? q, int size, int page, string continuation)
    {
        var query = new QueryBuilder
        {
            { "q", q ?? "" },
            { "n", size.ToString(CultureInfo.InvariantCulture) },
            { "page", page.ToString(CultureInfo.InvariantCulture) },
            { "continuation", continuation },
        };
        return $"</v1/search{query}>; rel=\"next\"";
    }
}
