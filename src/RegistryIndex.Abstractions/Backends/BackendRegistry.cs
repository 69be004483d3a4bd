using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace RegistryIndex.Backends;

/// <summary>The backends that are there, found by the <see cref="RegistryIndexBackendAttribute"/> of their assemblies.</summary>
internal sealed class BackendRegistry
{
    private readonly List<Entry> _entries;

    private BackendRegistry(IEnumerable<Assembly> assemblies) => _entries = [.. assemblies.Distinct().SelectMany(Scan)];

    /// <summary>The backends of the application: in what it was built with, and in what it has loaded.</summary>
    public static BackendRegistry OfApplication() => new(ApplicationAssemblies.ThatReference(typeof(IRegistryIndex).Assembly));

    /// <summary>All names, each with its aliases, for people.</summary>
    public IEnumerable<string> Names => _entries
        .Select(entry => entry.Announcement)
        .OrderBy(backend => backend.Name, StringComparer.Ordinal)
        .Select(backend => backend.Aliases.Count == 0 ? backend.Name : $"{backend.Name} ({string.Join(", ", backend.Aliases)})");

    /// <summary>The backend of that name; else the value is taken for an assembly that holds one.</summary>
    /// <exception cref="UnknownBackendException">There is no such backend and no such assembly, or it holds none.</exception>
    public IRegistryIndexBackend Find(string value) =>
        _entries.Find(entry => Named(entry.Announcement, value))?.Backend ?? FindInAssembly(value);

    private IRegistryIndexBackend FindInAssembly(string value)
    {
        var (assembly, tried) = BackendAssembly.TryLoad(value);
        if (assembly is null)
            throw Unknown($"search_backend '{value}' is no known backend and no assembly that could be loaded", tried);
        var found = Scan(assembly).ToList();
        return found.Count switch
        {
            1 => found[0].Backend,
            0 => throw Unknown($"search_backend '{value}' is an assembly without a RegistryIndexBackend attribute", tried),
            _ => throw Unknown(
                $"search_backend '{value}' is an assembly with several backends: load it and name one of {string.Join(", ", found.Select(e => e.Announcement.Name))}", tried),
        };
    }

    private UnknownBackendException Unknown(string problem, IEnumerable<string> tried) => new(
        $"{problem}. Known backends: {string.Join(", ", Names)}; empty means no index. Tried: {string.Join("; ", tried)}.");

    private static bool Named(RegistryIndexBackendAttribute backend, string value) =>
        backend.Aliases.Prepend(backend.Name).Contains(value, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<Entry> Scan(Assembly assembly)
    {
        var announced = assembly.GetCustomAttributes<RegistryIndexBackendAttribute>().ToDictionary(a => a.Backend);
        if (announced.Count == 0)
            return [];
        var services = new ServiceCollection();
        services.Scan(scan => scan.FromAssemblies(assembly)
            .AddClasses(classes => classes.Where(announced.ContainsKey), publicOnly: false)
            .As<IRegistryIndexBackend>()
            .WithSingletonLifetime());
        return services.Select(service => new Entry(
            announced[service.ImplementationType!], (IRegistryIndexBackend)Activator.CreateInstance(service.ImplementationType!)!));
    }

    private sealed record Entry(RegistryIndexBackendAttribute Announcement, IRegistryIndexBackend Backend);
}

/// <summary>Nothing answers to the value of <c>search_backend</c>.</summary>
internal sealed class UnknownBackendException(string message) : InvalidOperationException(message);

/// <summary>The settings of the chosen backend are wrong.</summary>
internal sealed class BackendSettingsException(string message, Exception inner) : InvalidOperationException(message, inner);
