using Microsoft.AspNetCore.Http.HttpResults;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Events;

namespace RegistryIndex.Server.Http;

/// <summary>What the server answers.</summary>
internal static class Endpoints
{
    public static void MapEndpoints(this WebApplication app)
    {
        app.MapGet("/v1/search", SearchEndpoint.SearchAsync).AddEndpointFilter<WhenInitialized>();
        app.MapGet("/v1/_ping", Ping);
        app.MapGet("/_ping", Ping);
        app.MapGet("/v2/", Version);
        app.MapGet("/v2/_catalog", CatalogEndpoint.ListAsync).AddEndpointFilter<WhenInitialized>();

        // Open to those who have no login: a registry, which has a secret of its own, and whoever watches over the server.
        app.MapPost("/events", EventsEndpoint.ReceiveAsync).AddEndpointFilter(app.Services.GetRequiredService<EventSecrets>()).AddEndpointFilter<WhenInitialized>().AllowAnonymous().DisableRateLimiting();
        app.MapGet("/healthz", () => TypedResults.Json(new HealthAnswer("ok"), ServerJson.Default.HealthAnswer)).AllowAnonymous().DisableRateLimiting();
        app.MapGet("/readyz", ReadinessEndpoint.AnswerAsync).AllowAnonymous();
    }

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
