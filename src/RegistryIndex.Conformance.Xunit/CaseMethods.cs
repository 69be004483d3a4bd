using System.Reflection;
using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>Maps test methods to cases.</summary>
internal static class CaseMethods
{
    public static string IdOf(string method) => method.Replace('_', '-').ToLowerInvariant();

    /// <summary>Returns the ids of the cases that the test classes of an assembly run with a harness.</summary>
    public static IEnumerable<string> In(Assembly assembly, Type harness)
    {
        var tests = typeof(ConformanceTests<>).MakeGenericType(harness);
        return assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(tests))
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes<FactAttribute>(inherit: true).Any())
            .Select(method => IdOf(method.Name));
    }
}
