namespace RegistryIndex.Server.Configuration;

/// <summary>The settings of one flavor of a YAML file.</summary>
internal sealed class YamlSettings
{
    /// <summary>The settings, by key.</summary>
    public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The lines in which they are written.</summary>
    public Dictionary<string, long> Lines { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Settings that have no effect, although they were probably meant to; one sentence each.</summary>
    public List<string> Warnings { get; } = [];
}
