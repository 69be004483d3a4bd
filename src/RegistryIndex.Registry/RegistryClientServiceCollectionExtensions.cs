using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RegistryIndex.Registry;
using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the client of a registry's HTTP API.</summary>
public static class RegistryClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="RegistryClient"/>, also as <see cref="IRegistryApi"/>, and its <see cref="RegistryOptions"/>, whose <see
    /// cref="RegistryOptions.IsConfigured"/> says whether a registry is configured.
    /// </summary>
    /// <param name="services">The container; if it has a <see cref="TimeProvider"/>, the client uses it.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="readsFiles">Whether the options are invalid when this user may not read a file that they name; if not, a request to the
    /// registry reports it.</param>
    public static IServiceCollection AddRegistryClient(this IServiceCollection services, IConfiguration configuration, bool readsFiles = true)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<RegistryOptions>().Bind(configuration).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RegistryOptions>, RegistryOptionsValidator>());
        services.AddSingleton<IValidateOptions<RegistryOptions>>(new RegistryFilesValidator(readsFiles));
        services.AddDescriptionKeys(configuration);
        services.AddSingleton(provider => new RegistryClient(
            provider.GetRequiredService<IOptions<RegistryOptions>>().Value, provider.GetRequiredService<DescriptionKeys>(), provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetService<ILogger<RegistryClient>>() ?? (ILogger)NullLogger.Instance));
        services.AddSingleton<IRegistryApi>(provider => provider.GetRequiredService<RegistryClient>());
        return services;
    }
}
