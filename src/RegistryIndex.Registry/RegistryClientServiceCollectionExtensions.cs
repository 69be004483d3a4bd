using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RegistryIndex.Registry;
using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the client of a registry's HTTP API into a container.</summary>
public static class RegistryClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="RegistryClient"/>, as <see cref="IRegistryApi"/> too, and the <see cref="RegistryOptions"/> it follows, whose
    /// <see cref="RegistryOptions.IsConfigured"/> tells whether there is a registry to ask.
    /// </summary>
    /// <param name="services">The container; a <see cref="TimeProvider"/> in it is used.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="readsFiles">Whether the options are wrong where this user may not read a file that they name; else that shows when the registry is asked.</param>
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
