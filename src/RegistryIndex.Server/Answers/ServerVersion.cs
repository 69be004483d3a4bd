using System.Reflection;

namespace RegistryIndex.Server.Answers;

/// <summary>The version of this program.</summary>
internal static class ServerVersion
{
    /// <summary>The version, without the commit it was built from.</summary>
    public static string Current { get; } = typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
