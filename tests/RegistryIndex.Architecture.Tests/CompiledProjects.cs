using System.Xml.Linq;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace RegistryIndex.Architecture.Tests;

/// <summary>The compiled projects and the dependencies of their types.</summary>
internal static class CompiledProjects
{
    /// <summary>Our assemblies, by the name of the project. The executable's assembly has another name.</summary>
    public static IReadOnlyDictionary<string, System.Reflection.Assembly> Assemblies { get; } = Find();

    /// <summary>All types with their dependencies.</summary>
    public static ArchUnitNET.Domain.Architecture Code { get; } = new ArchLoader().LoadAssemblies([.. Assemblies.Values]).Build();

    /// <summary>The projects that a project references in its project file or in its code.</summary>
    public static IEnumerable<string> ReferencesOf(string project) => Assemblies[project].GetReferencedAssemblies()
        .Select(reference => Assemblies.FirstOrDefault(other => other.Value.GetName().Name == reference.Name).Key)
        .OfType<string>()
        .Union(XDocument.Load(Testing.Checkout.PathOf("src", project, $"{project}.csproj")).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)))
        .Order(StringComparer.Ordinal);

    /// <summary>The folders of a project, each with the folders that its types use. The root of the project is not a folder.</summary>
    public static SortedDictionary<string, SortedSet<string>> FoldersOf(string project)
    {
        var folders = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var type in Code.Types.Where(type => FolderOf(project, type) is not null))
        {
            var folder = FolderOf(project, type)!;
            if (!folders.TryGetValue(folder, out var used))
                folders.Add(folder, used = new(StringComparer.Ordinal));
            used.UnionWith(type.Dependencies.Select(dependency => FolderOf(project, dependency.Target)).OfType<string>().Where(other => other != folder));
        }

        return folders;
    }

    /// <summary>A cycle of arrows. Null if there is none.</summary>
    public static IReadOnlyList<string>? FindCycle(IReadOnlyDictionary<string, SortedSet<string>> arrows)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        return arrows.Keys.Select(start => Visit(start, [])).FirstOrDefault(cycle => cycle is not null);

        List<string>? Visit(string folder, List<string> path)
        {
            if (path.IndexOf(folder) is >= 0 and var begin)
                return [.. path[begin..], folder];
            if (done.Contains(folder) || !arrows.TryGetValue(folder, out var next))
                return null;
            var cycle = next.Select(other => Visit(other, [.. path, folder])).FirstOrDefault(found => found is not null);
            done.Add(folder);
            return cycle;
        }
    }

    private static string? FolderOf(string project, IType type)
    {
        if (type.Assembly?.Name is not { } assembly || (assembly != Assemblies[project].GetName().Name && assembly != Assemblies[project].FullName))
            return null;
        var root = project + ".";
        var name = type.Namespace?.FullName ?? "";
        return name.StartsWith(root, StringComparison.Ordinal) ? name[root.Length..].Split('.')[0] : null;
    }

    private static SortedDictionary<string, System.Reflection.Assembly> Find()
    {
        var found = new SortedDictionary<string, System.Reflection.Assembly>(StringComparer.Ordinal);
        foreach (var project in Directory.GetDirectories(Testing.Checkout.PathOf("src")).Where(folder => Directory.GetFiles(folder, "*.csproj").Length > 0).Select(folder => Path.GetFileName(folder)))
            found.Add(project, System.Reflection.Assembly.Load(project == "RegistryIndex.Server" ? "registry-index" : project));
        return found;
    }
}
