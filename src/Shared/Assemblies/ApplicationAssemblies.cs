using System.Reflection;
using Microsoft.Extensions.DependencyModel;

namespace RegistryIndex;

/// <summary>The assemblies of the application: what it was built with, and what it has loaded.</summary>
internal static class ApplicationAssemblies
{
    /// <summary>Those that reference an assembly, and that one.</summary>
    public static IEnumerable<Assembly> ThatReference(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        return BuiltWith(name).Concat(AppDomain.CurrentDomain.GetAssemblies().Where(loaded => Knows(loaded, name))).Distinct();
    }

    private static IEnumerable<Assembly> BuiltWith(string name) => (DependencyContext.Default?.RuntimeLibraries ?? [])
        .Where(library => library.Dependencies.Any(dependency => dependency.Name == name))
        .SelectMany(library => library.GetDefaultAssemblyNames(DependencyContext.Default!))
        .Select(Assembly.Load);

    private static bool Knows(Assembly loaded, string name) => !loaded.IsDynamic
        && (loaded.GetName().Name == name || loaded.GetReferencedAssemblies().Any(reference => reference.Name == name));
}
