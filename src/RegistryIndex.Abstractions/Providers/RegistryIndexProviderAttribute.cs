using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex;

/// <summary>
/// Announces a provider in its assembly, so that <c>search_backend</c> can name it:
/// <c>[assembly: RegistryIndexProvider(typeof(FilesProvider), "files")]</c>.
/// </summary>
/// <param name="provider">The class that implements <see cref="IRegistryIndexProvider"/>. It needs a constructor without parameters.</param>
/// <param name="name">The name, compared without regard to case.</param>
/// <param name="aliases">Further names, such as those of a predecessor.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class RegistryIndexProviderAttribute(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type provider, string name, params string[] aliases) : Attribute
{
    /// <summary>The class that adds the provider's services.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type Provider { get; } = provider;

    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>Further names.</summary>
    public IReadOnlyList<string> Aliases { get; } = aliases;
}

/// <summary>
/// Registers the services of one provider in a container. <c>search_backend</c> selects the provider; it is created with its constructor without
/// parameters.
/// </summary>
public interface IRegistryIndexProvider
{
    /// <summary>
    /// Adds the provider's services, including a singleton <see cref="IRegistryIndex"/>. It is called only for the selected
    /// provider and must not connect to anything.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The whole configuration; a provider reads its own keys.</param>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message says which and what to do, in one sentence.</exception>
    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>
    /// Adds the provider's services with a key, so that a container can hold several indexes. It adds a keyed singleton
    /// <see cref="IRegistryIndex"/> with
    /// <see cref="RegistryIndexServiceCollectionExtensions.AddRegistryIndex(IServiceCollection, string?, Func{IServiceProvider, IRegistryIndex})"/>.
    /// Optional: a provider that does not implement it cannot be registered with a key.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="key">The key, which is also the name of the options.</param>
    /// <param name="configuration">The configuration of this index; a provider reads its own keys.</param>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong, or the provider cannot be registered with a key.</exception>
    void AddKeyedServices(IServiceCollection services, string key, IConfiguration configuration) =>
        throw new InvalidOperationException($"The provider {GetType().FullName} cannot be registered with a key, such as '{key}': it has no {nameof(AddKeyedServices)}.");
}
