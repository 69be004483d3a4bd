using Microsoft.Extensions.Options;
using RegistryIndex.DynamoDb;
using RegistryIndex.Migration;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Answers;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Http;

/// <summary><c>GET /readyz</c>: whether searches are answered, how far the first load is, how the registry is followed, and what fails.</summary>
internal static class ReadinessEndpoint
{
    public static async Task<IResult> AnswerAsync(
        HttpContext context, IRegistryIndex index, IIndexStartup startup, IRegistryFollower follower, IOptions<AccessOptions> access)
    {
        var (status, answer) = await ReadAsync(context, index, startup, follower);
        return access.Value.NeedsLogin && context.User.Identity?.IsAuthenticated != true
            ? TypedResults.Json(new ReadinessAnswer(answer.Status, "Log in to see them."), ServerJson.Default.ReadinessAnswer, statusCode: status) // they name machines
            : TypedResults.Json(answer, ServerJson.Default.HealthAnswer, statusCode: status);
    }

    private static async Task<(int Status, HealthAnswer Answer)> ReadAsync(HttpContext context, IRegistryIndex index, IIndexStartup startup, IRegistryFollower follower)
    {
        var problem = FindProblem(context.RequestServices);
        if (!startup.IsReady)
            return (503, new("starting", index.Provider, Problem: problem));
        try
        {
            var load = await new IndexWork(index, IRegistryLoader.WorkName).GetStateAsync(context.RequestAborted);
            var followed = await follower.GetStatusAsync(context.RequestAborted);
            return (200, new("ready", index.Provider, load switch
            {
                WorkState.Running => "running",
                WorkState.Done => followed.Unread == 0 ? "done" : "incomplete",
                _ => "none",
            }, problem, FollowingAnswer.Of(followed))
            {
                Mirror = MirrorOf(context.RequestServices),
            });
        }
        catch (RegistryIndexException)
        {
            return (503, new("unavailable", index.Provider, Problem: "The index cannot be read; see the server's log."));
        }
    }

    private static string? FindProblem(IServiceProvider services)
    {
        if (services.GetServices<BackgroundWork>().FirstOrDefault(work => work.Problem is not null) is { } failing)
            return $"{failing.Name} fails: {failing.Problem}";
        return services.GetService<DynamoDbMaintenance>()?.IsAdoptionFailing == true
            ? "Writing the postings of a predecessor's rows fails, and searches scan the table: see the server's log."
            : null;
    }

    private static MirrorAnswer? MirrorOf(IServiceProvider services) => services.GetService<IMirroredIndex>()?.State is { } state
        ? new(state.Problem is null ? "writable" : "failing", state.Pending, state.Missed)
        : null;
}
