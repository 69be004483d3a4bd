using System.Reflection;
using System.Runtime.Loader;

namespace RegistryIndex.Backends;

/// <summary>Loads a third party's backend by assembly name or path, as the Python registry imported a module.</summary>
internal static class BackendAssembly
{
    public static (Assembly? Assembly, IReadOnlyList<string> Tried) TryLoad(string value)
    {
        var tried = new List<string>();
        if (!value.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            tried.Add($"the assembly '{value}'");
            try
            {
                return (Assembly.Load(new AssemblyName(value)), tried);
            }
            catch (Exception error) when (IsAbsence(error))
            {
                value += ".dll";
            }
        }

        // Never relative to the working directory: a user who can write there must not get code into the server.
        var path = Path.GetFullPath(value, AppContext.BaseDirectory);
        tried.Add(path);
        if (new FileInfo(path) is not { Exists: true, Length: var length })
            return (null, tried);
        if (length == 0) // as a FIFO has it, which would be waited for
        {
            tried[^1] += " (it is empty, or no file)";
            return (null, tried);
        }

        try
        {
            return (new PluginContext(path).LoadFromAssemblyPath(path), tried);
        }
        catch (Exception error) when (IsAbsence(error))
        {
            tried[^1] += error is BadImageFormatException ? " (it is no assembly of .NET)" : $" ({error.Message})";
            return (null, tried);
        }
    }

    private static bool IsAbsence(Exception error) => error is IOException or BadImageFormatException or ArgumentException;

    /// <summary>
    /// What a plug-in brings is its own, in its own version. What its classes and ours hand to each other is ours, in the version that
    /// is there: of two <c>IServiceCollection</c>, a class that takes the one is of no use to a caller that has the other.
    /// </summary>
    private sealed class PluginContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (IsShared(assemblyName.Name!) && TryLoadOurs(assemblyName.Name!) is { } ours)
                return ours;
            return _resolver.ResolveAssemblyToPath(assemblyName) is { } own ? LoadFromAssemblyPath(own) : null;
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;

        private static bool IsShared(string name) =>
            name.StartsWith("RegistryIndex.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal);

        // Without a version: a plug-in that was built with a later one gets ours, too.
        private static Assembly? TryLoadOurs(string name)
        {
            try
            {
                return Default.LoadFromAssemblyName(new AssemblyName(name));
            }
            catch (FileNotFoundException)
            {
                return null;
            }
        }
    }
}
