using Microsoft.Extensions.Options;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Http;
using RegistryIndex.Server.Maintenance;

namespace RegistryIndex.Server.Configuration;

/// <summary>
/// The options of the server itself. Every command binds and checks them, also those that it has no use for: a configuration is right or
/// wrong for all of them.
/// </summary>
internal static class ServerOptions
{
    public static IServiceCollection AddServerOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().Bind(configuration).ValidateOnStart();
        services.AddOptions<PublicUrlOptions>().Bind(configuration).ValidateOnStart();
        services.AddOptions<SweepOptions>().Bind(configuration.GetSection("extensions:dynamodb_index")).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsValidator>()
            .AddSingleton<IValidateOptions<AccessOptions>, AccessFilesValidator>()
            .AddSingleton<IValidateOptions<AccessOptions>>(new Check(access => Listening.CheckedUrls(configuration["urls"], access)))
            .AddSingleton<IValidateOptions<PublicUrlOptions>, PublicUrlOptionsValidator>()
            .AddSingleton<IValidateOptions<SweepOptions>, SweepOptionsValidator>();
    }

    // What is no property, or depends on who may ask.
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
