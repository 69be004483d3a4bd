using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the services that every source of a registry needs.</summary>
public static class SourcesServiceCollectionExtensions
{
    /// <summary>
    /// Adds the <see cref="DescriptionKeys"/> of the setting <c>description_keys</c>: a list, or one text with <c>;</c> between the names.
    /// A source's own registration calls this method; calling it again changes nothing.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The whole configuration; it is read when the options are first requested or the host starts.</param>
    public static IServiceCollection AddDescriptionKeys(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DescriptionOptions>, DescriptionOptionsValidator>());
        services.TryAddSingleton(provider => new DescriptionKeys(provider.GetRequiredService<IOptions<DescriptionOptions>>().Value.Keys));
        services.AddOptions<DescriptionOptions>().Configure(options => DescriptionOptions.Read(options, configuration)).ValidateOnStart();
        return services;
    }
}
