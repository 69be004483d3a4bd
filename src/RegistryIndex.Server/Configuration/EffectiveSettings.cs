using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Server.Configuration;

/// <summary>A setting as it counts, fit to be shown.</summary>
/// <param name="Key">The configuration key.</param>
/// <param name="Value">The value without secrets.</param>
/// <param name="Source">Where it was written.</param>
internal sealed record EffectiveSetting(string Key, string Value, string Source);

/// <summary>What <c>registry-index config</c> prints.</summary>
internal static class EffectiveSettings
{
    // For a terminal: only what JSON itself demands is escaped.
    private static readonly EffectiveSettingsJson Json = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    });

    /// <summary>Every setting that a source of ours mentions, with the value that counts, sorted by key.</summary>
    public static IReadOnlyList<EffectiveSetting> Read(IConfigurationRoot configuration)
    {
        var keys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var layer in configuration.Providers.OfType<ISettingsLayer>())
            keys.UnionWith(layer.Keys);
        return [.. keys.Where(key => Counts(configuration, key)).Order(ConfigurationKeyComparer.Instance).Select(key => Read(configuration, key))];
    }

    /// <summary>Writes a line <c>key = value (source)</c> for each setting.</summary>
    public static void WriteText(IEnumerable<EffectiveSetting> settings, TextWriter writer)
    {
        foreach (var setting in settings)
            writer.WriteLine($"{OneLine(setting.Key)} = {OneLine(setting.Value)}  ({OneLine(setting.Source)})");
    }

    /// <summary>Writes an array of objects with <c>key</c>, <c>value</c> and <c>source</c>.</summary>
    public static void WriteJson(IReadOnlyList<EffectiveSetting> settings, TextWriter writer) =>
        writer.WriteLine(JsonSerializer.Serialize(settings, Json.IReadOnlyListEffectiveSetting));

    // A setting is what its highest source says, be that a text or a list: .NET itself would mix the items of all.
    private static bool Counts(IConfigurationRoot configuration, string key) =>
        KnownSettings.FindOwner(key) is not { } setting || WrittenSetting.Find(configuration, setting.Key)!.Layer.TryGet(key, out _);

    private static EffectiveSetting Read(IConfigurationRoot configuration, string key)
    {
        var winner = configuration.Providers.Last(provider => provider.TryGet(key, out _));
        return new(key, Redaction.Redact(key, configuration[key] ?? ""), winner is ISettingsLayer layer ? layer.SourceOf(key) : "host");
    }

    // A line stays a line, and what is empty or ends in a space can be seen.
    private static string OneLine(string text) => text.Length == 0 || text.Trim().Length < text.Length || text.Any(char.IsControl)
        ? JsonSerializer.Serialize(text, Json.String)
        : text;
}

[JsonSerializable(typeof(IReadOnlyList<EffectiveSetting>))]
[JsonSerializable(typeof(string))]
internal sealed partial class EffectiveSettingsJson : JsonSerializerContext;
