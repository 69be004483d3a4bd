namespace RegistryIndex.Server.Configuration;

/// <summary>
/// Settings in the same sources that other programs read: the Python docker-registry from its YAML file, parts of .NET from
/// <c>appsettings.json</c>. They are not settings of this program, and not misspelled ones either.
/// </summary>
internal static class ForeignSettings
{
    // Each key includes the keys below it.
    private static readonly string[] Names =
    [
        // The Python docker-registry and its drivers.
        "issue", "loglevel", "debug", "standalone", "index_endpoint", "disable_token_auth", "privileged_key", "secret_key", "source", "source_index",
        "mirroring", "mirrors", "tags_cache", "cache", "cache_lru", "email_exceptions", "bugsnag", "cors", "storage_redirect", "storage_alternate", "storage_insecure", "oauth2",
        "s3_encrypt", "s3_use_sigv4", "boto_debug",

        // .NET.
        "$schema", "AllowedHosts", "applicationName", "ConnectionStrings", "contentRoot", "DetailedErrors", "environment", "https_port", "Kestrel", "profiles", "webroot",
    ];

    private static readonly string[] Beginnings = ["azure_", "elliptics_", "gcs_", "glance_", "gs_", "oss_", "swift_", OpenTelemetryVariables.Prefix];

    /// <summary>Whether another program reads the setting.</summary>
    public static bool Contains(string key)
    {
        var name = key.Split(ConfigurationPath.KeyDelimiter, 2)[0];
        return Names.Contains(name, StringComparer.OrdinalIgnoreCase) || Beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));
    }
}
