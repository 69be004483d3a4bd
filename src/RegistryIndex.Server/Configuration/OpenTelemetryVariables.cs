using RegistryIndex.Server.Monitoring;

namespace RegistryIndex.Server.Configuration;

/// <summary>
/// OpenTelemetry's standard variables. Its SDK reads them from the settings, and ignores a wrong value in silence: those that decide whether
/// anything is sent are checked here.
/// </summary>
internal static class OpenTelemetryVariables
{
    public const string Prefix = "OTEL_";

    /// <summary>Returns the variables as settings.</summary>
    public static GivenSettings Of(IReadOnlyDictionary<string, string> environment)
    {
        var settings = new GivenSettings();
        foreach (var (variable, value) in environment.Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal)))
            settings.Add(variable, value, $"environment variable {variable}");
        return settings;
    }

    /// <summary>Whether the setting is one that is checked here, and may be shown.</summary>
    public static bool IsChecked(string key) =>
        OtlpSignal.KeysOf("ENDPOINT").Concat(OtlpSignal.KeysOf("PROTOCOL")).Append(OtlpSignal.Disabled).Contains(key, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns what is wrong with the settings, one sentence each.</summary>
    public static IEnumerable<string> FindMistakes(IConfiguration layers) =>
    [
        .. Find(layers, OtlpSignal.KeysOf("ENDPOINT"), IsEndpoint, "the http or https address of a collector, such as http://127.0.0.1:4317"),
        .. Find(layers, OtlpSignal.KeysOf("PROTOCOL"), value => value is "grpc" or "http/protobuf", "grpc or http/protobuf"),
        .. Find(layers, [OtlpSignal.Disabled], value => bool.TryParse(value, out _), "true or false"),
    ];

    private static IEnumerable<string> Find(IConfiguration layers, IEnumerable<string> keys, Func<string, bool> isValid, string allowed) =>
        from key in keys
        let written = WrittenSetting.Find(layers, key)
        where written is not null && !string.IsNullOrEmpty(written.Text ?? " ") && (written.Text is not { } text || !isValid(text))
        select written.Wrong(allowed);

    private static bool IsEndpoint(string value) => Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Host.Length > 0;
}
