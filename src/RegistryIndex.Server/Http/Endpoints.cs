using Microsoft.AspNetCore.Http.HttpResults;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Answers;
using RegistryIndex.Server.Events;

namespace RegistryIndex.Server.Http;

/// <summary>Maps the server's endpoints.</summary>
internal static class Endpoints
{
    // HEAD is GET without the body (RFC 9110, 9.1). Monitors send it.
    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapEndpoints(this WebApplication app)
    {
        app.MapRead("/v1/search", SearchEndpoint.SearchAsync).AddEndpointFilter<OncePerParameter>().AddEndpointFilter<WhenInitialized>().AddEndpointFilter<SearchTurnFilter>();
        app.MapRead("/v1/_ping", Ping);
        app.MapRead("/_ping", Ping);
        app.MapRead("/v2/", Version);
        app.MapRead("/v2/_catalog", CatalogEndpoint.ListAsync).AddEndpointFilter<OncePerParameter>().AddEndpointFilter<WhenInitialized>().AddEndpointFilter<SearchTurnFilter>();
        app.MapRead("/api/v1", ApiEndpoint.Answer).WithSummary("Get the version of the server and its capabilities.").Produces<ApiAnswer>();
        app.MapRead("/api/v1/repositories", RepositoriesEndpoint.ListAsync).AddEndpointFilter<OncePerParameter>().AddEndpointFilter<WhenInitialized>().AddEndpointFilter<SearchTurnFilter>()
            .WithSummary("Search, or list all repositories.").Produces<RepositoriesAnswer>().ProducesErrors(400);
        app.MapRead("/api/v1/repositories/{**name}", RepositoriesEndpoint.GetAsync).AddEndpointFilter<OncePerParameter>().AddEndpointFilter<WhenInitialized>().AddEndpointFilter<SearchTurnFilter>()
            .WithSummary("Get one repository.").Produces<RepositoryAnswer>().ProducesErrors(404);
        app.MapRead("/api/v1/tags/{**name}", TagsEndpoint.ListAsync).AddEndpointFilter<OncePerParameter>().AddEndpointFilter<WhenInitialized>().AddEndpointFilter<SearchTurnFilter>()
            .WithSummary("Get the tags of one repository from its registry.").Produces<TagsAnswer>().ProducesErrors(400, 404);
        app.MapOpenApi(OpenApi.Path).WithMetadata(new HttpMethodMetadata(ReadMethods));

        // Open without a login: the events of a registry, which has its own secret, and the health endpoints for monitoring.
        app.MapPost("/events", EventsEndpoint.ReceiveAsync).AddEndpointFilter(app.Services.GetRequiredService<EventSecrets>()).AddEndpointFilter<WhenInitialized>().AllowAnonymous().DisableRateLimiting();
        foreach (var path in (string[])["/healthz", "/livez"]) // Kubernetes' old name and its new one
            app.MapRead(path, () => TypedResults.Json(new HealthAnswer("ok"), ServerJson.Default.HealthAnswer)).AllowAnonymous().DisableRateLimiting();
        app.MapRead("/readyz", ReadinessEndpoint.AnswerAsync).AllowAnonymous();
    }

    private static RouteHandlerBuilder MapRead(this WebApplication app, string path, Delegate answer) => app.MapMethods(path, ReadMethods, answer);

    private static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder endpoint, params int[] statuses) =>
        statuses.Concat([401, 429, 503]).Aggregate(endpoint, (built, status) => built.Produces<RegistryErrorAnswer>(status));

    private static JsonHttpResult<bool> Ping(HttpContext context)
    {
        // docker treats a registry with this header as one that has its own search.
        context.Response.Headers["X-Docker-Registry-Standalone"] = "true";
        return TypedResults.Json(true, ServerJson.Default.Boolean);
    }

    private static JsonHttpResult<EmptyAnswer> Version(HttpContext context)
    {
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        return TypedResults.Json(new EmptyAnswer(), ServerJson.Default.EmptyAnswer);
    }
}
