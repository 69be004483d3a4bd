using Microsoft.AspNetCore.Cors.Infrastructure;

namespace RegistryIndex.Server.Access;

/// <summary>
/// Permits pages of other origins to search from within a browser (<c>cors_origins</c>). Where a login is required, such a page sends it
/// itself as <c>Authorization</c>. The browser does not add its stored login, so that no page uses the login of another.
/// </summary>
internal static class SearchCors
{
    private static readonly PathString[] Paths = ["/v1/search", "/v2/_catalog"];

    public static IServiceCollection AddSearchCors(this IServiceCollection services, AccessOptions access) => services.AddCors(cors => cors.AddDefaultPolicy(policy =>
    {
        Allow(policy, access).WithMethods(HttpMethods.Get).WithHeaders("Authorization").WithExposedHeaders("Link", "Retry-After").SetPreflightMaxAge(TimeSpan.FromMinutes(10));
    }));

    /// <summary>Runs before logins: a browser sends its preflight request without one.</summary>
    public static void UseSearchCors(this WebApplication app, AccessOptions access)
    {
        if (!access.Origins.Any())
            return;
        var (policy, refusals) = (Allow(new(), access).Build(), app.Services.GetRequiredService<RefusalLog>());
        app.UseWhen(context => Paths.Contains(context.Request.Path) || context.Request.Path.StartsWithSegments("/api/v1", StringComparison.Ordinal), search =>
        {
            search.Use((context, next) =>
            {
                if (context.Request.Headers.Origin is [{ } origin] && !policy.AllowAnyOrigin && !policy.IsOriginAllowed(origin))
                    refusals.Write(context, "because the origin of the requesting page is not in cors_origins", origin);
                return next(context);
            });
            search.UseCors();
        });
    }

    private static CorsPolicyBuilder Allow(CorsPolicyBuilder policy, AccessOptions access) =>
        access.Origins.Contains("*", StringComparer.Ordinal) ? policy.AllowAnyOrigin() : policy.WithOrigins([.. access.Origins]);
}
