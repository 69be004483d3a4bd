using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Server.Access;

/// <summary>Who may ask what, how often, and what their browsers are told.</summary>
internal static class AddAccess
{
    public static IServiceCollection AddAccessControl(this IServiceCollection services, AccessOptions access)
    {
        services.AddSingleton<AccessMetrics>().AddSingleton<EventSecrets>();
        services.AddAuthorization();
        if (access.NeedsLogin)
        {
            services.AddSingleton(provider => new PasswordCheck(new WatchedFile<FrozenDictionary<string, string>>(
                access.Htpasswd!, () => Htpasswd.Read(access.Htpasswd!), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PasswordCheck>>())));

            // Not AddAuthentication, which also makes keys for cookies and leaves them on the disk.
            services.AddWebEncoders();
            services.AddTransient<BasicAuthentication>();
            services.AddAuthenticationCore(options =>
            {
                options.DefaultScheme = BasicAuthentication.Name;
                options.AddScheme<BasicAuthentication>(BasicAuthentication.Name, displayName: null);
            });

            // Whatever is not said to be open is closed, and so is what is not there.
            services.Configure<AuthorizationOptions>(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        }

        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
            foreach (var proxy in access.ProxyAddresses)
                options.KnownProxies.Add(IPAddress.Parse(proxy));
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => Partition(context.Connection.RemoteIpAddress, access.RateLimit));
            limiter.OnRejected = (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
        });
        return services;
    }

    /// <summary>Before everything else.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
                headers.CacheControl = "no-store"; // who may see an answer is not for a cache to know
                headers["Referrer-Policy"] = "no-referrer";
                if (context.Request.IsHttps)
                    headers.StrictTransportSecurity = "max-age=31536000";
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    /// <summary>Before the endpoints.</summary>
    public static void UseAccessControl(this WebApplication app)
    {
        app.UseRateLimiter();
        if (app.Services.GetRequiredService<IOptions<AccessOptions>>().Value.NeedsLogin)
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.Services.GetRequiredService<PasswordCheck>(); // a mistake in the file ends the start, not the first request
        }

        app.Services.GetRequiredService<EventSecrets>();
    }

    private static RateLimitPartition<IPAddress> Partition(IPAddress? client, int limit)
    {
        if (limit == 0 || client is null || IPAddress.IsLoopback(client))
            return RateLimitPartition.GetNoLimiter(IPAddress.None);
        return RateLimitPartition.GetTokenBucketLimiter(Network(client), _ => new()
        {
            TokenLimit = 2 * limit,
            TokensPerPeriod = limit,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });
    }

    // One who has an IPv6 address has 2^64 of them.
    private static IPAddress Network(IPAddress client)
    {
        if (client.IsIPv4MappedToIPv6)
            return client.MapToIPv4();
        if (client.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
            return client;
        var bytes = client.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}
