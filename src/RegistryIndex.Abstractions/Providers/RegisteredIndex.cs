using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.Providers;

/// <summary>Records that a container has an index.</summary>
/// <param name="Key">The key of the index; null for the index without a key.</param>
internal sealed record RegisteredIndex(string? Key)
{
    public IRegistryIndex In(IServiceProvider provider) =>
        Key is null ? provider.GetRequiredService<IRegistryIndex>() : provider.GetRequiredKeyedService<IRegistryIndex>(Key);
}
