using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Server.Monitoring;

/// <summary>What operators see of the server.</summary>
internal sealed class MonitoringOptions : IValidatableObject
{
    private const string Json = "json";

    /// <summary><c>metrics_urls</c>: where the metrics are served, with <c>;</c> between the addresses; nowhere when it is not set.</summary>
    [ConfigurationKeyName("metrics_urls")]
    public string? MetricsUrls { get; set; }

    /// <summary><c>log_format</c>: <c>text</c>, or <c>json</c> for one object a line.</summary>
    [ConfigurationKeyName("log_format")]
    public string LogFormat { get; set; } = "text";

    /// <summary><c>access_log</c>: whether each request is logged.</summary>
    [ConfigurationKeyName("access_log")]
    public bool AccessLog { get; set; }

    /// <summary>Whether that value of <c>log_format</c> asks for JSON.</summary>
    public static bool IsJson(string? format) => Json.Equals(format, StringComparison.OrdinalIgnoreCase);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!IsJson(LogFormat) && !"text".Equals(LogFormat, StringComparison.OrdinalIgnoreCase))
            yield return new($"log_format is '{RepositoryName.Shown(LogFormat)}', and must be text or json.");
    }
}

[OptionsValidator]
internal sealed partial class MonitoringOptionsValidator : IValidateOptions<MonitoringOptions>;
