using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.Providers;

/// <summary>The providers that a configuration can name. Thread-safe.</summary>
public static class RegistryIndexProviders
{
    /// <summary>Finds the provider that <c>search_backend</c> names: a known provider, or the provider in a third party's assembly.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <exception cref="ProviderConfigurationException">
    /// There is no provider and no assembly with that name. The message lists the known providers and what was tried.
    /// </exception>
    [RequiresUnreferencedCode(ApplicationAssemblies.NotTrimmed)]
    public static IRegistryIndexProvider Find(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var name = (configuration[RegistryIndexServiceCollectionExtensions.ProviderKey] ?? RegistryIndexServiceCollectionExtensions.DefaultProvider).Trim();
        return ProviderRegistry.OfApplication().Find(name.Length == 0 ? NoIndex.Name : name);
    }
}
