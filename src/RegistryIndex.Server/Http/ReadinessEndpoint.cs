using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Following;
using RegistryIndex.Server.Loading;
using RegistryIndex.Server.Mirroring;

namespace RegistryIndex.Server.Http;

/// <summary><c>GET /readyz</c>: whether searches are answered, how far the first load is, and how the registry is followed.</summary>
internal static class ReadinessEndpoint
{
    public static async Task<JsonHttpResult<HealthAnswer>> AnswerAsync(
        HttpContext context, IRegistryIndex index, IndexStartup startup, FollowingState following, IOptions<AccessOptions> access)
    {
        var answer = await ReadAsync(context, index, startup, following);
        if (!access.Value.NeedsLogin || context.User.Identity?.IsAuthenticated == true)
            return answer;
        return Answer(answer.StatusCode ?? 200, new(answer.Value!.Status)); // the details name machines
    }

    private static async Task<JsonHttpResult<HealthAnswer>> ReadAsync(HttpContext context, IRegistryIndex index, IndexStartup startup, FollowingState following)
    {
        if (!startup.IsInitialized)
            return Answer(503, new("starting", index.Provider, Problem: startup.Problem));
        try
        {
            var load = await new IndexWork(index, FirstLoad.WorkName).GetStateAsync(context.RequestAborted);
            return Answer(200, new("ready", index.Provider, load switch
            {
                WorkState.Running => "running",
                WorkState.Done => "done",
                _ => "none",
            }, startup.Problem, await following.ReadAsync(context.RequestAborted))
            {
                Mirror = MirrorOf(context),
            });
        }
        catch (RegistryIndexException)
        {
            return Answer(503, new("unavailable", index.Provider, Problem: "The index cannot be read; the server's log says why."));
        }
    }

    private static MirrorAnswer? MirrorOf(HttpContext context) => context.RequestServices.GetService<MirrorIndex>()?.State is { } state
        ? new(state.Problem is null ? "writable" : "failing", state.Pending, state.Missed)
        : null;

    private static JsonHttpResult<HealthAnswer> Answer(int status, HealthAnswer answer) =>
        TypedResults.Json(answer, ServerJson.Default.HealthAnswer, statusCode: status);
}
