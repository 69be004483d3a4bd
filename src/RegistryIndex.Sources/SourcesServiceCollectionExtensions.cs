using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RegistryIndex.Sources;
using RegistryIndex.Sources.Images;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts what every source of a registry needs into a container.</summary>
public static class SourcesServiceCollectionExtensions
{
    /// <summary>
    /// Adds the <see cref="DescriptionKeys"/> that the setting <c>description_keys</c> names: a list, or one text with <c>;</c> between the names.
    /// A source's own registration calls it; to call it again changes nothing.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The whole configuration; read when the options are first asked for, or the host starts.</param>
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
