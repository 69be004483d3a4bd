using Microsoft.Extensions.Options;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.Maintenance;
using RegistryIndex.Server.Monitoring;
using RegistryIndex.Server.Web;

namespace RegistryIndex.Server.Configuration;

/// <summary>
/// The options of the server itself. Every command binds and checks them, even when it does not use them: a configuration is valid or
/// invalid for all commands.
/// </summary>
internal static class ServerOptions
{
    public static IServiceCollection AddServerOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().Bind(configuration).ValidateOnStart();
        services.AddOptions<PublicUrlOptions>().Bind(configuration).ValidateOnStart();
        services.AddOptions<MonitoringOptions>().Bind(configuration).ValidateOnStart();
        services.AddOptions<WebOptions>().Bind(configuration).ValidateOnStart();
        services.AddOptions<SweepOptions>().Bind(configuration.GetSection("extensions:dynamodb_index")).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsValidator>()
            .AddSingleton<IValidateOptions<AccessOptions>, AccessFilesValidator>()
            .AddSingleton<IValidateOptions<AccessOptions>>(new Check(access => Listening.CheckedMetricsUrls(configuration["metrics_urls"], Listening.CheckedUrls(configuration["urls"], access), access)))
            .AddSingleton<IValidateOptions<MonitoringOptions>, MonitoringOptionsValidator>()
            .AddSingleton<IValidateOptions<PublicUrlOptions>, PublicUrlOptionsValidator>()
            .AddSingleton<IValidateOptions<WebOptions>, WebOptionsValidator>()
            .AddSingleton<IValidateOptions<SweepOptions>, SweepOptionsValidator>();
    }

    // Checks that concern no single property, or that depend on whether searches need a login.
    private sealed class Check(Func<AccessOptions, object> read) : IValidateOptions<AccessOptions>
    {
        public ValidateOptionsResult Validate(string? name, AccessOptions options)
        {
            try
            {
                read(options);
                return ValidateOptionsResult.Success;
            }
            catch (ConfigurationMistakeException error)
            {
                return ValidateOptionsResult.Fail(error.Message);
            }
        }
    }
}
