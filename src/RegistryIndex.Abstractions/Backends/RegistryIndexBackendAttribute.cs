using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex;

/// <summary>
/// Announces a backend in the assembly that holds it, so that <c>search_backend</c> can name it:
/// <c>[assembly: RegistryIndexBackend(typeof(FilesBackend), "files")]</c>.
/// </summary>
/// <param name="backend">The class that implements <see cref="IRegistryIndexBackend"/>, with a constructor without parameters.</param>
/// <param name="name">The name, compared without regard to case.</param>
/// <param name="aliases">Further names, such as those of a predecessor.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class RegistryIndexBackendAttribute(Type backend, string name, params string[] aliases) : Attribute
{
    /// <summary>The class that adds the backend's services.</summary>
    public Type Backend { get; } = backend;

    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>Further names.</summary>
    public IReadOnlyList<string> Aliases { get; } = aliases;
}

/// <summary>Puts one backend into a container. Chosen by <c>search_backend</c>, made with its constructor without parameters.</summary>
public interface IRegistryIndexBackend
{
    /// <summary>
    /// Adds the backend's services, among them a singleton <see cref="IRegistryIndex"/>. Only called for the chosen
    /// backend; connects to nothing yet.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="configuration">The whole configuration; a backend reads its own keys.</param>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message says which and what to do, in one sentence.</exception>
    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>
    /// Adds the backend's services with a key, so that a container can hold several indexes: a keyed singleton <see cref="IRegistryIndex"/>, added
    /// by <see cref="RegistryIndexServiceCollectionExtensions.AddRegistryIndex(IServiceCollection, string?, Func{IServiceProvider, IRegistryIndex})"/>.
    /// Optional: without it the backend is refused where a key is given.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="key">The key, which is also the name of the options.</param>
    /// <param name="configuration">The configuration of this index; a backend reads its own keys.</param>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong, or the backend cannot be registered with a key.</exception>
    void AddKeyedServices(IServiceCollection services, string key, IConfiguration configuration) =>
        throw new InvalidOperationException($"The backend {GetType().FullName} cannot be registered with a key, such as '{key}': it has no {nameof(AddKeyedServices)}.");
}
