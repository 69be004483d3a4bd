namespace RegistryIndex.Server.Monitoring;

/// <summary>Metrics or traces, as OpenTelemetry's standard variables have them sent by OTLP.</summary>
/// <param name="name">Its name in the variables: <c>METRICS</c> or <c>TRACES</c>.</param>
/// <param name="settings">The settings, which include the variables.</param>
internal sealed class OtlpSignal(string name, IConfiguration settings)
{
    public const string Disabled = "OTEL_SDK_DISABLED";

    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    public static readonly IReadOnlyList<string> Names = ["METRICS", "TRACES"];

    /// <summary>The name for people.</summary>
    public string Name => name.ToLowerInvariant();

    /// <summary>Whether it is sent.</summary>
    public bool IsSent => !IsTrue(settings[Disabled]) && Endpoint is not null && settings[$"OTEL_{name}_EXPORTER"] is not "none";

    /// <summary>Where it is sent; null when no endpoint is set.</summary>
    public string? Endpoint => OfItsOwn("ENDPOINT") ?? Read($"{Prefix}ENDPOINT");

    /// <summary>Returns a setting of this signal alone, which is stronger than that of all signals; null when it is not set.</summary>
    public string? OfItsOwn(string what) => Read($"{Prefix}{name}_{what}");

    /// <summary>Returns the keys of a setting, of all signals and of each alone.</summary>
    public static IEnumerable<string> KeysOf(string what) => Names.Select(name => $"{Prefix}{name}_{what}").Prepend($"{Prefix}{what}");

    private string? Read(string key) => settings[key] is { Length: > 0 } value ? value : null;

    private static bool IsTrue(string? value) => bool.TryParse(value, out var isTrue) && isTrue;
}
