using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.Backends;

/// <summary>Says that a container has an index.</summary>
/// <param name="Key">Its key; null of the one without.</param>
internal sealed record RegisteredIndex(string? Key)
{
    public IRegistryIndex In(IServiceProvider provider) =>
        Key is null ? provider.GetRequiredService<IRegistryIndex>() : provider.GetRequiredKeyedService<IRegistryIndex>(Key);
}
