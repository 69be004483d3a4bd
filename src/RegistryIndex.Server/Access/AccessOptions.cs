using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Server.Access;

/// <summary>Who may ask, and how often.</summary>
internal sealed class AccessOptions : IValidatableObject
{
    /// <summary><c>htpasswd</c>: the file of those who may search; distribution takes the same. Without one everybody may.</summary>
    [ConfigurationKeyName("htpasswd")]
    public string? Htpasswd { get; set; }

    /// <summary><c>allow_anonymous</c>: whether to serve other machines although everybody may search.</summary>
    [ConfigurationKeyName("allow_anonymous")]
    public bool AllowAnonymous { get; set; }

    /// <summary><c>events_secrets_file</c>: the bearer secrets of those who may post events, one a line, besides those of <c>events_secrets</c>.</summary>
    [ConfigurationKeyName("events_secrets_file")]
    public string? EventSecretsFile { get; set; }

    /// <summary><c>rate_limit</c>: requests a second of one address, and twice as many at once; 0 is no limit. This machine has none.</summary>
    [ConfigurationKeyName("rate_limit")]
    public int RateLimit { get; set; } = 100;

    /// <summary><c>trusted_proxies</c>: addresses with <c>;</c> between them whose <c>X-Forwarded-For</c> is believed, besides this machine's.</summary>
    [ConfigurationKeyName("trusted_proxies")]
    public string? TrustedProxies { get; set; }

    /// <summary><c>tls_certificate_file</c>: the certificate, and those between it and its authority, as PEM.</summary>
    [ConfigurationKeyName("tls_certificate_file")]
    public string? CertificateFile { get; set; }

    /// <summary><c>tls_key_file</c>: its key, as PEM; where it is not set, in the certificate's file.</summary>
    [ConfigurationKeyName("tls_key_file")]
    public string? CertificateKeyFile { get; set; }

    /// <summary>Whether searches need a login.</summary>
    public bool NeedsLogin => !string.IsNullOrEmpty(Htpasswd);

    public IEnumerable<string> ProxyAddresses => (TrustedProxies ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        foreach (var (key, file) in (IEnumerable<(string, string?)>)
                 [("htpasswd", Htpasswd), ("events_secrets_file", EventSecretsFile), ("tls_certificate_file", CertificateFile), ("tls_key_file", CertificateKeyFile)])
        {
            if (!string.IsNullOrEmpty(file) && !File.Exists(file))
                yield return new($"{key} is '{RepositoryName.Shown(file)}', and there is no such file.");
        }

        if (RateLimit is < 0 or > 1_000_000)
            yield return new("rate_limit is in requests a second, 0 (no limit) to 1000000.");
        if (NeedsLogin && AllowAnonymous)
            yield return new("htpasswd and allow_anonymous contradict each other: remove one of them.");
        if (string.IsNullOrEmpty(CertificateFile) && !string.IsNullOrEmpty(CertificateKeyFile))
            yield return new("tls_key_file is a key without a certificate: set tls_certificate_file.");
        foreach (var proxy in ProxyAddresses.Where(proxy => !IPAddress.TryParse(proxy, out _)))
            yield return new($"trusted_proxies has '{RepositoryName.Shown(proxy)}', which is no address: write them as 10.0.0.2;10.0.0.3.");
    }
}

[OptionsValidator]
internal sealed partial class AccessOptionsValidator : IValidateOptions<AccessOptions>;
