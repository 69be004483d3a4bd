using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RegistryIndex.Addresses;

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

    /// <summary><c>events_secrets</c>: the bearer secrets of those who may post events, with <c>;</c> between them, which no such secret holds (RFC 6750, 2.1).</summary>
    [ConfigurationKeyName("events_secrets")]
    public string? EventSecrets { get; set; }

    /// <summary><c>events_secrets_file</c>: the bearer secrets of those who may post events, one a line, besides those of <c>events_secrets</c>.</summary>
    [ConfigurationKeyName("events_secrets_file")]
    public string? EventSecretsFile { get; set; }

    /// <summary><c>rate_limit</c>: requests a second of one address, and twice as many at once; 0 is no limit. This machine has none.</summary>
    [ConfigurationKeyName("rate_limit")]
    public int RateLimit { get; set; } = 100;

    /// <summary><c>trusted_proxies</c>: addresses and networks with <c>;</c> between them whose <c>X-Forwarded-For</c> is believed, besides this machine's.</summary>
    [ConfigurationKeyName("trusted_proxies")]
    public string? TrustedProxies { get; set; }

    /// <summary><c>allowed_hosts</c>: names with <c>;</c> between them, besides those of this machine and of <c>urls</c>, for which events without a secret are taken.</summary>
    [ConfigurationKeyName("allowed_hosts")]
    public string? AllowedHosts { get; set; }

    /// <summary><c>cors_origins</c>: origins with <c>;</c> between them whose pages may search from within a browser, or <c>*</c> for all.</summary>
    [ConfigurationKeyName("cors_origins")]
    public string? CorsOrigins { get; set; }

    /// <summary><c>tls_certificate_file</c>: the certificate, and those between it and its authority, as PEM.</summary>
    [ConfigurationKeyName("tls_certificate_file")]
    public string? CertificateFile { get; set; }

    /// <summary><c>tls_key_file</c>: its key, as PEM; where it is not set, in the certificate's file.</summary>
    [ConfigurationKeyName("tls_key_file")]
    public string? CertificateKeyFile { get; set; }

    /// <summary>Whether searches need a login.</summary>
    public bool NeedsLogin => !string.IsNullOrEmpty(Htpasswd);

    public IEnumerable<string> Secrets => JoinedValues.Of(EventSecrets);

    public IEnumerable<string> Proxies => JoinedValues.Of(TrustedProxies);

    public IEnumerable<string> AllowedHostNames => JoinedValues.Of(AllowedHosts);

    public IEnumerable<string> Origins => JoinedValues.Of(CorsOrigins);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (RateLimit is < 0 or > 1_000_000)
            yield return new("rate_limit is in requests a second, 0 (no limit) to 1000000.");
        if (NeedsLogin && AllowAnonymous)
            yield return new("htpasswd and allow_anonymous contradict each other: remove one of them.");
        if (Secrets.Select(Access.EventSecrets.FindWeakness).FirstOrDefault(weakness => weakness is not null) is { } must)
            yield return new($"events_secrets has a secret that must be {must}.");
        if (string.IsNullOrEmpty(CertificateFile) && !string.IsNullOrEmpty(CertificateKeyFile))
            yield return new("tls_key_file is a key without a certificate: set tls_certificate_file.");
        foreach (var (proxy, problem) in Proxies.Select(proxy => (proxy, Access.TrustedProxies.FindProblem(proxy))).Where(proxy => proxy.Item2 is not null))
            yield return new($"trusted_proxies has '{RepositoryName.Shown(proxy)}', {problem}.");
        foreach (var host in AllowedHostNames.Where(host => HostName.FindProblem(host) is not null))
            yield return new($"allowed_hosts has '{RepositoryName.Shown(host)}', which is no name of a host: write them without scheme and port, as index.example.com;10.0.0.5.");
        foreach (var origin in Origins.Where(origin => origin != "*" && !IsOrigin(origin)))
            yield return new($"cors_origins has '{RepositoryName.Shown(origin)}', which is no origin: write them as https://ui.example.com;http://localhost:8080.");
        if (NeedsLogin && Origins.Contains("*", StringComparer.Ordinal))
            yield return new("cors_origins is * although htpasswd asks for a login: name the origins whose pages may send one.");
    }

    private static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme is "http" or "https"
        && origin.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase) && origin.UserInfo.Length == 0 && HostName.FindProblem(origin.Host) is null;
}

[OptionsValidator]
internal sealed partial class AccessOptionsValidator : IValidateOptions<AccessOptions>;
