using System.Reflection;
using RegistryIndex.EfCore;

namespace RegistryIndex.Server.Hosting;

/// <summary>
/// The database engines that the program ships. An index finds its engine among the assemblies that the program was built with. A program
/// that is published as a single file has no list of those, and only the assemblies that are loaded are found.
/// </summary>
internal static class Engines
{
    /// <summary>Loads their assemblies.</summary>
    public static IReadOnlyList<Assembly> Load() => [typeof(UsePostgreSqlExtensions).Assembly, typeof(UseSqlServerExtensions).Assembly, typeof(UseSqliteExtensions).Assembly];
}
