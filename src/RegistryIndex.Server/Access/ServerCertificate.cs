using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Access;

/// <summary>TLS by a certificate file, which is read again when it is renewed.</summary>
internal static class ServerCertificate
{
    public static void UseCertificateFile(this KestrelServerOptions kestrel, AccessOptions options, TimeProvider time, ILogger logger)
    {
        if (options.CertificateFile is not { Length: > 0 } file)
            return;
        var certificate = new WatchedFile<SslStreamCertificateContext>(file, () => Read(file, options.CertificateKeyFile), time, logger);
        kestrel.ConfigureHttpsDefaults(https =>
        {
            https.ServerCertificateSelector = (_, _) => certificate.Value.TargetCertificate;
            https.OnAuthenticate = (_, tls) =>
            {
                tls.ServerCertificateSelectionCallback = null;
                tls.ServerCertificateContext = certificate.Value; // with what is between it and its authority
            };
        });
    }

    private static SslStreamCertificateContext Read(string file, string? keyFile)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(file, string.IsNullOrEmpty(keyFile) ? null : keyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (CryptographicException error)
        {
            throw new ConfigurationMistakeException($"tls_certificate_file '{file}' and its key are no certificate and key in PEM that belong together ({error.Message.TrimEnd('.')}).", error);
        }
    }
}
