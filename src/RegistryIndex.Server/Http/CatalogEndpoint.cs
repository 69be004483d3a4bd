using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Http;

/// <summary><c>GET /v2/_catalog</c>: where podman looks when it lists everything, or when <c>/v1/search</c> is denied.</summary>
internal static class CatalogEndpoint
{
    private const int DefaultSize = 100;
    private const int MaxSize = 1000;

    public static async Task<Results<JsonHttpResult<CatalogAnswer>, JsonHttpResult<RegistryErrorAnswer>>> ListAsync(
        HttpContext context, IRegistryIndex index, string? n, string? last)
    {
        if (!PageLimit.TryRead(n, DefaultSize, MaxSize, out var size))
            return PageLimit.Refuse(nameof(n));
        var names = new List<string>(size);
        await foreach (var repository in index.ListAsync(string.IsNullOrEmpty(last) ? null : last, size + 1, context.RequestAborted))
        {
            if (names.Count == size)
            {
                var query = new QueryBuilder { { "last", names[^1] }, { "n", size.ToString(CultureInfo.InvariantCulture) } };
                context.Response.Headers.Link = $"<{context.Request.PathBase}/v2/_catalog{query}>; rel=\"next\"";
                break;
            }

            names.Add(repository.Name);
        }

        return TypedResults.Json(new CatalogAnswer(names), ServerJson.Default.CatalogAnswer);
    }
}
