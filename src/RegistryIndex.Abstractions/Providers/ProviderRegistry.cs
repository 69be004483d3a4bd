using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.Providers;

/// <summary>The available providers, found by the <see cref="RegistryIndexProviderAttribute"/> of their assemblies.</summary>
[RequiresUnreferencedCode(ApplicationAssemblies.NotTrimmed)]
internal sealed class ProviderRegistry
{
    private readonly List<Entry> _entries;

    private ProviderRegistry(IEnumerable<Assembly> assemblies) => _entries = [.. assemblies.Distinct().SelectMany(Scan)];

    /// <summary>Finds the providers of the application, in the assemblies that it was built with and those that it has loaded.</summary>
    public static ProviderRegistry OfApplication() => new(ApplicationAssemblies.ThatReference(typeof(IRegistryIndex).Assembly));

    /// <summary>All names, each with its aliases, for error messages.</summary>
    public IEnumerable<string> Names => _entries
        .Select(entry => entry.Announcement)
        .OrderBy(provider => provider.Name, StringComparer.Ordinal)
        .Select(provider => provider.Aliases.Count == 0 ? provider.Name : $"{provider.Name} ({string.Join(", ", provider.Aliases)})");

    /// <summary>Finds the provider with this name. If there is none, the value is the name or path of an assembly that contains a provider.</summary>
    /// <exception cref="ProviderConfigurationException">There is no such provider or assembly, or the assembly contains no provider.</exception>
    public IRegistryIndexProvider Find(string value) =>
        _entries.Find(entry => Named(entry.Announcement, value))?.Provider ?? FindInAssembly(value);

    private IRegistryIndexProvider FindInAssembly(string value)
    {
        var (assembly, tried) = ProviderAssembly.TryLoad(value);
        if (assembly is null)
            throw Unknown($"search_backend '{value}' is neither a known provider nor an assembly that could be loaded", tried);
        var found = Scan(assembly).ToList();
        return found.Count switch
        {
            1 => found[0].Provider,
            0 => throw Unknown($"search_backend '{value}' is an assembly without a RegistryIndexProvider attribute", tried),
            _ => throw Unknown(
                $"search_backend '{value}' is an assembly with several providers: load it and set search_backend to one of {string.Join(", ", found.Select(e => e.Announcement.Name))}", tried),
        };
    }

    private ProviderConfigurationException Unknown(string problem, IEnumerable<string> tried) => new(
        $"{problem}. Known providers: {string.Join(", ", Names)}; empty means no index. Tried: {string.Join("; ", tried)}.");

    private static bool Named(RegistryIndexProviderAttribute provider, string value) =>
        provider.Aliases.Prepend(provider.Name).Contains(value, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<Entry> Scan(Assembly assembly)
    {
        var announced = assembly.GetCustomAttributes<RegistryIndexProviderAttribute>().ToDictionary(a => a.Provider);
        if (announced.Count == 0)
            return [];
        var services = new ServiceCollection();
        services.Scan(scan => scan.FromAssemblies(assembly)
            .AddClasses(classes => classes.Where(announced.ContainsKey), publicOnly: false)
            .As<IRegistryIndexProvider>()
            .WithSingletonLifetime());
        return services.Select(service => new Entry(
            announced[service.ImplementationType!], (IRegistryIndexProvider)Activator.CreateInstance(service.ImplementationType!)!));
    }

    private sealed record Entry(RegistryIndexProviderAttribute Announcement, IRegistryIndexProvider Provider);
}
