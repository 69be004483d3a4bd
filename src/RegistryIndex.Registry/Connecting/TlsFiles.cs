using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RegistryIndex.Sources;

namespace RegistryIndex.Registry.Connecting;

/// <summary>Reads the TLS settings from their PEM files.</summary>
internal static class TlsFiles
{
    /// <summary>Returns the paths that are set: of the authorities that replace the system's, of the client certificate, and of its key.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="isRegistry">Whether the connection is to the registry: no other host receives the client certificate.</param>
    public static IReadOnlyList<string> Of(RegistryOptions options, bool isRegistry) =>
    [
        .. HasAuthorities(options) ? [options.AuthorityFile!] : (string[])[],
        .. HasCertificate(options, isRegistry) ? [options.ClientCertificateFile!, string.IsNullOrEmpty(options.ClientKeyFile) ? options.ClientCertificateFile! : options.ClientKeyFile] : (string[])[],
    ];

    /// <summary>Reads the contents of these files.</summary>
    /// <exception cref="UnusableFileException">A file is not what it should be.</exception>
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
            throw new UnusableFileException($"registry_ca_file contains data that is not a PEM certificate ({error.Message.TrimEnd('.')}).", error);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new UnusableFileException("registry_ca_file contains no certificate: write the certificates of the authorities to it in PEM.");
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
            throw new UnusableFileException("registry_client_certificate_file and registry_client_key_file are not a matching PEM certificate and key.", error);
        }
    }
}
