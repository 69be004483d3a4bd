using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyModel;

namespace RegistryIndex;

/// <summary>The assemblies of the application: those that it was built with and those that are loaded.</summary>
internal static class ApplicationAssemblies
{
    internal const string NotTrimmed = "It looks for assemblies by name, which trimming removes. Register the index by its type, such as AddDynamoDbRegistryIndex or AddEfCoreRegistryIndex.";

    /// <summary>The assemblies that reference a given assembly, and that assembly itself.</summary>
    [RequiresUnreferencedCode(NotTrimmed)]
    public static IEnumerable<Assembly> ThatReference(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        var builtWith = BuiltWith(name).ToHashSet();
        return builtWith.Concat(AppDomain.CurrentDomain.GetAssemblies().Where(loaded => !builtWith.Contains(loaded) && Knows(loaded, name) && CanBeRead(loaded)));
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3002", Justification = "A single file has no dependency context: only what is loaded is found, and a program loads what it ships.")]
    private static IEnumerable<Assembly> BuiltWith(string name) => (DependencyContext.Default?.RuntimeLibraries ?? [])
        .Where(library => library.Dependencies.Any(dependency => dependency.Name == name))
        .SelectMany(library => library.GetDefaultAssemblyNames(DependencyContext.Default!))
        .Select(Assembly.Load);

    [RequiresUnreferencedCode(NotTrimmed)]
    private static bool Knows(Assembly loaded, string name) => !loaded.IsDynamic
        && (loaded.GetName().Name == name || loaded.GetReferencedAssemblies().Any(reference => reference.Name == name));

    // A startup hook or a profiler may load an assembly without its references. It does not belong to the application and must not end its start.
    [RequiresUnreferencedCode(NotTrimmed)]
    private static bool CanBeRead(Assembly loaded)
    {
        try
        {
            _ = loaded.GetCustomAttributesData();
            return true;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException)
        {
            return false;
        }
    }
}
