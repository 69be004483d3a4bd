using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RegistryIndex.Storage;

namespace RegistryIndex.Registry.Requests;

/// <summary>What the PEM files of the settings say of TLS. Two are equal when the files say the same.</summary>
/// <param name="Authorities">Whose certificates are trusted, instead of the system's.</param>
/// <param name="Certificate">The certificate to show, and those between it and its authority.</param>
/// <param name="Key">Its key.</param>
internal sealed record TlsFiles(string? Authorities, string? Certificate, string? Key)
{
    /// <param name="options">Which files.</param>
    /// <param name="isRegistry">Whether it is the registry that is connected to: no other host is shown the certificate.</param>
    /// <exception cref="RegistrySourceException">One of them cannot be read.</exception>
    public static TlsFiles Read(RegistryOptions options, bool isRegistry)
    {
        var certificate = isRegistry && !string.IsNullOrEmpty(options.ClientCertificateFile) ? options.ClientCertificateFile : null;
        return new(
            Text("registry_ca_file", options.AuthorityFile),
            Text("registry_client_certificate_file", certificate),
            certificate is null ? null : Text("registry_client_key_file", string.IsNullOrEmpty(options.ClientKeyFile) ? certificate : options.ClientKeyFile));

        static string? Text(string key, string? file)
        {
            try
            {
                return string.IsNullOrEmpty(file) ? null : File.ReadAllText(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new RegistrySourceException($"{key} '{RepositoryName.Shown(file!)}' cannot be read ({error.Message.TrimEnd('.')}): see that the server's user may read it.", error);
            }
        }
    }

    /// <exception cref="RegistrySourceException">They are not what they should be.</exception>
    public SslClientAuthenticationOptions ToOptions()
    {
        var options = new SslClientAuthenticationOptions();
        if (Authorities is not null)
            options.CertificateChainPolicy = Trusting(Authorities);
        if (Certificate is not null)
            options.ClientCertificateContext = Showing(Certificate, Key!);
        return options;
    }

    private static X509ChainPolicy Trusting(string authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(authorities);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new RegistrySourceException($"registry_ca_file holds something that is no certificate in PEM ({error.Message.TrimEnd('.')}).", error);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new RegistrySourceException("registry_ca_file holds no certificate: write the authorities to it in PEM.");
    }

    private static SslStreamCertificateContext Showing(string certificate, string key)
    {
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new RegistrySourceException("The key of registry_client_certificate_file is encrypted: store it without a passphrase, readable by the server's user only.");
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificate);
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), chain, offline: true);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException) // the latter for the key of another certificate
        {
            throw new RegistrySourceException("registry_client_certificate_file and registry_client_key_file are no certificate and key in PEM that belong together.", error);
        }
    }
}
