using Microsoft.AspNetCore.Http.HttpResults;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Answers;
using RegistryIndex.Server.Events;

namespace RegistryIndex.Server.Http;

/// <summary>What the server answers.</summary>
internal static class Endpoints
{
    public static void MapEndpoints(this WebApplication app)
    {
        app.MapRead("/v1/search", SearchEndpoint.SearchAsync).AddEndpointFilter<OncePerParameter>().AddEndpointFilter<WhenInitialized>().AddEndpointFilter<InTurn>();
        app.MapRead("/v1/_ping", Ping);
        app.MapRead("/_ping", Ping);
        app.MapRead("/v2/", Version);
        app.MapRead("/v2/_catalog", CatalogEndpoint.ListAsync).AddEndpointFilter<OncePerParameter>().AddEndpointFilter<WhenInitialized>().AddEndpointFilter<InTurn>();

        // Open to those who have no login: a registry, which has a secret of its own, and what monitors the server.
        app.MapPost("/events", EventsEndpoint.ReceiveAsync).AddEndpointFilter(app.Services.GetRequiredService<EventSecrets>()).AddEndpointFilter<WhenInitialized>().AllowAnonymous().DisableRateLimiting();
        app.MapRead("/healthz", () => TypedResults.Json(new HealthAnswer("ok"), ServerJson.Default.HealthAnswer)).AllowAnonymous().DisableRateLimiting();
        app.MapRead("/readyz", ReadinessEndpoint.AnswerAsync).AllowAnonymous();
    }

    // HEAD is GET without the body (RFC 9110, 9.1). Monitors ask so.
    private static RouteHandlerBuilder MapRead(this WebApplication app, string path, Delegate answer) => app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], answer);

    private static JsonHttpResult<bool> Ping(HttpContext context)
    {
        // docker takes a registry that says so for one that has its own search.
        context.Response.Headers["X-Docker-Registry-Standalone"] = "true";
        return TypedResults.Json(true, ServerJson.Default.Boolean);
    }

    private static JsonHttpResult<EmptyAnswer> Version(HttpContext context)
    {
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        return TypedResults.Json(new EmptyAnswer(), ServerJson.Default.EmptyAnswer);
    }
}
