using RegistryIndex.Failures;
using RegistryIndex.Synchronization;

namespace RegistryIndex.Server.Http;

/// <summary>
/// Searches by the endpoints before the server says that it is ready, so that what a search needs is compiled by then, and connected. What is
/// found, or whether that fails, makes no difference: clients are told.
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
            // A repository that is there, so that there are rows; a reference that is not, as it is searched for twice.
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
