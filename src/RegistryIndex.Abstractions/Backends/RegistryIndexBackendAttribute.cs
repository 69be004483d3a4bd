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
}
