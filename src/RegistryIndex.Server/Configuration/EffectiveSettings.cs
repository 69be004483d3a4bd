using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RegistryIndex.Server.Configuration;

/// <summary>An effective setting, without secrets.</summary>
/// <param name="Key">The configuration key.</param>
/// <param name="Value">The value without secrets.</param>
/// <param name="Source">Where it was written.</param>
internal sealed record EffectiveSetting(string Key, string Value, string Source);

/// <summary>Writes the output of <c>registry-index config</c>.</summary>
internal static class EffectiveSettings
{
    // The output is for a terminal: only what JSON itself requires is escaped.
    private static readonly EffectiveSettingsJson Json = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    });

    /// <summary>Returns every setting that one of our sources has, with its effective value, sorted by key.</summary>
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

    // A setting has the value of its highest source, be it a text or a list: .NET itself would mix the items of all sources.
    private static bool Counts(IConfigurationRoot configuration, string key) =>
        KnownSettings.FindOwner(key) is not { } setting || WrittenSetting.Find(configuration, setting.Key)!.Layer.TryGet(key, out _);

    private static EffectiveSetting Read(IConfigurationRoot configuration, string key)
    {
        var winner = configuration.Providers.Last(provider => provider.TryGet(key, out _));
        return new(key, Redaction.Redact(key, configuration[key] ?? ""), winner is ISettingsLayer layer ? layer.SourceOf(key) : "host");
    }

    // Each setting stays on one line, and an empty value or a trailing space is visible.
    private static string OneLine(string text) => text.Length == 0 || text.Trim().Length < text.Length || text.Any(char.IsControl)
        ? JsonSerializer.Serialize(text, Json.String)
        : text;
}

[JsonSerializable(typeof(IReadOnlyList<EffectiveSetting>))]
[JsonSerializable(typeof(string))]
internal sealed partial class EffectiveSettingsJson : JsonSerializerContext;
