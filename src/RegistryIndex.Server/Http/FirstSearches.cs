using RegistryIndex.Failures;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Http;

/// <summary>
/// Sends searches through the endpoints before the server reports that it is ready, so that the code of a search is compiled and its
/// connections are open by then. The results and failures are ignored: clients see those of their own searches.
/// </summary>
internal sealed partial class FirstSearches(
    IRegistryIndex index, ISearchCapacity capacity, EndpointDataSource endpoints, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<FirstSearches> logger) : IIndexWarmUp
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await StartedAsync(cancellationToken);
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await capacity.PrepareAsync(either.Token);
            // One search for an existing repository, so that there are rows; one for a reference that does not exist, as it is searched for twice.
            var first = await index.ListAsync(null, 1, either.Token).FirstOrDefaultAsync(either.Token);
            foreach (var (path, query) in new (string, QueryString)[]
                     {
                         ("/v2/_catalog", QueryString.Create("n", "1")), ("/v1/search", QueryString.Create("n", "1")),
                         ("/v1/search", QueryString.Create("q", first?.Name ?? "first")), ("/v1/search", QueryString.Create("q", "first-searches:1")),
                     })
                await AskAsync(path, query, either.Token);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, Failure.ToSentence(error));
        }
    }

    private async Task StartedAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    private async Task AskAsync(string path, QueryString query, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancellationToken };
        (context.Request.Method, context.Request.Path, context.Request.QueryString) = (HttpMethods.Get, path, query);
        await endpoints.Endpoints.OfType<RouteEndpoint>().Single(endpoint => endpoint.RoutePattern.RawText == path).RequestDelegate!(context);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The first searches failed: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);
}
