using Microsoft.AspNetCore.Http.HttpResults;
using RegistryIndex.Server.Answers;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Http;

/// <summary><c>GET /api/v1</c>: which version answers, and what it can be asked.</summary>
internal static class ApiEndpoint
{
    public static JsonHttpResult<ApiAnswer> Answer(IRegistryIndex index, IFollowedSource followed) =>
        TypedResults.Json(new ApiAnswer(ServerVersion.Current, index.Provider, [.. Capabilities(index, followed)]), ServerJson.Default.ApiAnswer);

    private static IEnumerable<string> Capabilities(IRegistryIndex index, IFollowedSource followed)
    {
        if (index.Capabilities.HasFlag(IndexCapabilities.Facts))
            yield return "facts";
        if (index.Capabilities.HasFlag(IndexCapabilities.OrderByPush))
            yield return "order_by_push";
        if (followed.Source is not null)
            yield return "tags";
    }
}
