using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RegistryIndex.Addresses;

namespace RegistryIndex.Server.Access;

/// <summary>Who may send requests, and how often.</summary>
internal sealed class AccessOptions : IValidatableObject
{
    /// <summary>
    /// <c>htpasswd</c>: the file of the users who may search, in the format of distribution's. Without a file, searches need no login.
    /// </summary>
    [ConfigurationKeyName("htpasswd")]
    public string? Htpasswd { get; set; }

    /// <summary><c>allow_anonymous</c>: whether to serve other machines although searches need no login.</summary>
    [ConfigurationKeyName("allow_anonymous")]
    public bool AllowAnonymous { get; set; }

    /// <summary>
    /// <c>events_secrets</c>: the bearer secrets that permit posting events, with <c>;</c> between them, which no such secret contains (RFC
    /// 6750, 2.1).
    /// </summary>
    [ConfigurationKeyName("events_secrets")]
    public string? EventSecrets { get; set; }

    /// <summary>
    /// <c>events_secrets_file</c>: the file of the bearer secrets that permit posting events, one a line, besides those of
    /// <c>events_secrets</c>.
    /// </summary>
    [ConfigurationKeyName("events_secrets_file")]
    public string? EventSecretsFile { get; set; }

    /// <summary><c>rate_limit</c>: requests a second from one address, and twice as many at once; 0 is no limit. This machine has no limit.</summary>
    [ConfigurationKeyName("rate_limit")]
    public int RateLimit { get; set; } = 100;

    /// <summary>
    /// <c>trusted_proxies</c>: addresses and networks with <c>;</c> between them whose <c>X-Forwarded-For</c> is trusted, besides this
    /// machine's.
    /// </summary>
    [ConfigurationKeyName("trusted_proxies")]
    public string? TrustedProxies { get; set; }

    /// <summary>
    /// <c>allowed_hosts</c>: host names with <c>;</c> between them, besides those of this machine and of <c>urls</c>, for which events
    /// without a secret are accepted.
    /// </summary>
    [ConfigurationKeyName("allowed_hosts")]
    public string? AllowedHosts { get; set; }

    /// <summary><c>cors_origins</c>: origins with <c>;</c> between them whose pages may search from within a browser, or <c>*</c> for all.</summary>
    [ConfigurationKeyName("cors_origins")]
    public string? CorsOrigins { get; set; }

    /// <summary><c>tls_certificate_file</c>: the certificate and its intermediate certificates, as PEM.</summary>
    [ConfigurationKeyName("tls_certificate_file")]
    public string? CertificateFile { get; set; }

    /// <summary><c>tls_key_file</c>: the certificate's key, as PEM; when it is not set, the key is in the certificate's file.</summary>
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
            yield return new($"allowed_hosts has '{RepositoryName.Shown(host)}', which is not a host name: write the names without scheme and port, as index.example.com;10.0.0.5.");
        foreach (var origin in Origins.Where(origin => origin != "*" && !IsOrigin(origin)))
            yield return new($"cors_origins has '{RepositoryName.Shown(origin)}', which is not an origin: write origins as https://ui.example.com;http://localhost:8080.");
        if (NeedsLogin && Origins.Contains("*", StringComparer.Ordinal))
            yield return new("cors_origins is *, but htpasswd requires a login: list the origins whose pages may send one.");
    }

    private static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme is "http" or "https"
        && origin.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase) && origin.UserInfo.Length == 0 && HostName.FindProblem(origin.Host) is null;
}

[OptionsValidator]
internal sealed partial class AccessOptionsValidator : IValidateOptions<AccessOptions>;
