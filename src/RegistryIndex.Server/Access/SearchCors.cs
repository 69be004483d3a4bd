using Microsoft.AspNetCore.Cors.Infrastructure;

namespace RegistryIndex.Server.Access;

/// <summary>
/// Lets pages of other origins search from within a browser (<c>cors_origins</c>). They send a login themselves where one is needed,
/// as <c>Authorization</c>: what the browser remembers is not sent along, so that no page uses the login of another.
/// </summary>
internal static class SearchCors
{
    private static readonly PathString[] Paths = ["/v1/search", "/v2/_catalog"];

    public static IServiceCollection AddSearchCors(this IServiceCollection services, AccessOptions access) => services.AddCors(cors => cors.AddDefaultPolicy(policy =>
    {
        Allow(policy, access).WithMethods(HttpMethods.Get).WithHeaders("Authorization").WithExposedHeaders("Link", "Retry-After").SetPreflightMaxAge(TimeSpan.FromMinutes(10));
    }));

    /// <summary>Before logins: a browser asks without one what it may ask.</summary>
    public static void UseSearchCors(this WebApplication app, AccessOptions access)
    {
        if (!access.Origins.Any())
            return;
        var (policy, refusals) = (Allow(new(), access).Build(), app.Services.GetRequiredService<RefusalLog>());
        app.UseWhen(context => Paths.Contains(context.Request.Path), search =>
        {
            search.Use((context, next) =>
            {
                if (context.Request.Headers.Origin is [{ } origin] && !policy.AllowAnyOrigin && !policy.IsOriginAllowed(origin))
                    refusals.Write(context, "as the page that asks is of an origin that is not in cors_origins", origin);
                return next(context);
            });
            search.UseCors();
        });
    }

    private static CorsPolicyBuilder Allow(CorsPolicyBuilder policy, AccessOptions access) =>
        access.Origins.Contains("*", StringComparer.Ordinal) ? policy.AllowAnyOrigin() : policy.WithOrigins([.. access.Origins]);
}
