namespace RegistryIndex.Server.Configuration;

/// <summary>What a YAML file says in one flavor.</summary>
internal sealed class YamlSettings
{
    /// <summary>The settings, by key.</summary>
    public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The lines in which they are written.</summary>
    public Dictionary<string, long> Lines { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What has no effect though it was probably meant to, one sentence each.</summary>
    public List<string> Warnings { get; } = [];
}
