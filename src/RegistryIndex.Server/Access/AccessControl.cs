using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using RegistryIndex.Registry;

namespace RegistryIndex.Server.Access;

/// <summary>Configures who may send which requests, how often, and what browsers are told.</summary>
internal static class AccessControl
{
    public static IServiceCollection AddAccessControl(this IServiceCollection services, AccessOptions access)
    {
        services.AddSingleton<AccessMetrics>().AddSingleton<RefusalLog>().AddSingleton<AllowedHosts>().AddSingleton<EventSecrets>();
        services.AddSingleton(new TrustedProxies(access.Proxies));
        services.AddSingleton(provider => new ConnectionPlaces(FileDescriptors.Spare(), provider.GetRequiredService<TrustedProxies>(), provider.GetRequiredService<RefusalLog>()));
        services.AddAuthorization();
        if (access.CertificateFile is { Length: > 0 } certificate)
            services.AddSingleton(provider => new ServerCertificate(certificate, access.CertificateKeyFile, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ServerCertificate>>()));
        if (access.NeedsLogin)
        {
            services.AddSingleton(provider =>
            {
                var time = provider.GetRequiredService<TimeProvider>();
                return new PasswordCheck(Htpasswd.Watch(access.Htpasswd!, time, provider.GetRequiredService<ILogger<PasswordCheck>>()), time);
            });

            // Not AddAuthentication, which also creates keys for cookies and writes them to the disk.
            services.AddWebEncoders();
            services.AddTransient<BasicAuthentication>();
            services.AddAuthenticationCore(options =>
            {
                options.DefaultScheme = BasicAuthentication.Name;
                options.AddScheme<BasicAuthentication>(BasicAuthentication.Name, displayName: null);
            });

            // Every endpoint that is not declared open requires a login, and so do paths without an endpoint.
            services.Configure<AuthorizationOptions>(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        }

        services.AddSearchCors(access);
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => Partition(context, access.RateLimit));
            limiter.OnRejected = (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
                rejected.HttpContext.RequestServices.GetRequiredService<RefusalLog>().Write(rejected.HttpContext, "because its address sends more than rate_limit allows");
                return ValueTask.CompletedTask;
            };
        });
        return services;
    }

    /// <summary>Adds the middleware that runs before everything else.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        app.Services.GetRequiredService<TrustedProxies>().Use(app);
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
                headers.CacheControl = "no-store"; // a cache does not know who may see an answer
                headers["Referrer-Policy"] = "no-referrer";
                if (context.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal))
                    headers[RegistryClient.IndexHeader] = "true";
                if (context.Request.IsHttps)
                    headers.StrictTransportSecurity = "max-age=31536000";
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    /// <summary>Adds the middleware that runs before the endpoints.</summary>
    public static void UseAccessControl(this WebApplication app)
    {
        var access = app.Services.GetRequiredService<IOptions<AccessOptions>>().Value;
        app.UseSearchCors(access);
        app.UseRateLimiter();
        if (access.NeedsLogin)
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.Services.GetRequiredService<PasswordCheck>(); // a mistake in the file ends the start, not the first request
        }

        app.Services.GetRequiredService<EventSecrets>();
    }

    private static RateLimitPartition<IPAddress> Partition(HttpContext context, int limit)
    {
        if (limit == 0 || ClientAddress.Of(context) is not { } client || IPAddress.IsLoopback(client))
            return RateLimitPartition.GetNoLimiter(IPAddress.None);
        return RateLimitPartition.GetTokenBucketLimiter(ClientAddress.NetworkOf(context), _ => new()
        {
            TokenLimit = 2 * limit,
            TokensPerPeriod = limit,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });
    }
}
