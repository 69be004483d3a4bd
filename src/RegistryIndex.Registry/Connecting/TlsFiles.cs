using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RegistryIndex.Sources;

namespace RegistryIndex.Registry.Connecting;

/// <summary>TLS as the PEM files of the settings say.</summary>
internal static class TlsFiles
{
    /// <summary>The files: of the authorities that are trusted instead of the system's, of the certificate to show, and of its key, as far as they are set.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="isRegistry">Whether it is the registry that is connected to: no other host is shown the certificate.</param>
    public static IReadOnlyList<string> Of(RegistryOptions options, bool isRegistry) =>
    [
        .. HasAuthorities(options) ? [options.AuthorityFile!] : (string[])[],
        .. HasCertificate(options, isRegistry) ? [options.ClientCertificateFile!, string.IsNullOrEmpty(options.ClientKeyFile) ? options.ClientCertificateFile! : options.ClientKeyFile] : (string[])[],
    ];

    /// <summary>What these files say.</summary>
    /// <exception cref="UnusableFileException">They are not what they should be.</exception>
    public static SslClientAuthenticationOptions Read(RegistryOptions options, bool isRegistry, IReadOnlyList<byte[]> contents)
    {
        var tls = new SslClientAuthenticationOptions();
        var texts = contents.Select(Encoding.UTF8.GetString).ToList();
        if (HasAuthorities(options))
            tls.CertificateChainPolicy = Trusting(texts[0]);
        if (HasCertificate(options, isRegistry))
            tls.ClientCertificateContext = Showing(texts[^2], texts[^1]);
        return tls;
    }

    private static bool HasAuthorities(RegistryOptions options) => !string.IsNullOrEmpty(options.AuthorityFile);

    private static bool HasCertificate(RegistryOptions options, bool isRegistry) => isRegistry && !string.IsNullOrEmpty(options.ClientCertificateFile);

    private static X509ChainPolicy Trusting(string authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(authorities);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new UnusableFileException($"registry_ca_file holds something that is no certificate in PEM ({error.Message.TrimEnd('.')}).", error);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new UnusableFileException("registry_ca_file holds no certificate: write the authorities to it in PEM.");
    }

    private static SslStreamCertificateContext Showing(string certificate, string key)
    {
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new UnusableFileException("The key of registry_client_certificate_file is encrypted: store it without a passphrase, readable by the server's user only.");
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificate);
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), chain, offline: true);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException) // the latter for the key of another certificate
        {
            throw new UnusableFileException("registry_client_certificate_file and registry_client_key_file are no certificate and key in PEM that belong together.", error);
        }
    }
}
