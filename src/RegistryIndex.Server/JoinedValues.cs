namespace RegistryIndex.Server;

/// <summary>A setting of several values, in one text with <c>;</c> between them.</summary>
internal static class JoinedValues
{
    public static string[] Of(string? setting) => (setting ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
