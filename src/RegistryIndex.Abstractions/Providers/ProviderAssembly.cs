using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace RegistryIndex.Providers;

/// <summary>Loads a third party's provider by assembly name or path. The Python registry imported a module in the same way.</summary>
internal static class ProviderAssembly
{
    [RequiresUnreferencedCode(ApplicationAssemblies.NotTrimmed)]
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

        // The path is never relative to the working directory: a user who can write there must not get code into the server.
        var path = Path.GetFullPath(value, AppContext.BaseDirectory);
        tried.Add(path);
        if (new FileInfo(path) is not { Exists: true, Length: var length })
            return (null, tried);
        if (length == 0) // also true of a FIFO, which would block the reader
        {
            tried[^1] += " (it is empty, or not a file)";
            return (null, tried);
        }

        try
        {
            return (new PluginContext(path).LoadFromAssemblyPath(path), tried);
        }
        catch (Exception error) when (IsAbsence(error))
        {
            tried[^1] += error is BadImageFormatException ? " (it is not a .NET assembly)" : $" ({error.Message})";
            return (null, tried);
        }
    }

    private static bool IsAbsence(Exception error) => error is IOException or BadImageFormatException or ArgumentException;

    /// <summary>
    /// A plug-in gets its own dependencies in its own versions. It shares the types that it exchanges with the host in the version that
    /// the host has: a class that accepts one <c>IServiceCollection</c> type cannot be used by a caller that has another.
    /// </summary>
    [RequiresUnreferencedCode(ApplicationAssemblies.NotTrimmed)]
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

        // Without a version, so that a plug-in built with a later version also gets the host's assembly.
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
