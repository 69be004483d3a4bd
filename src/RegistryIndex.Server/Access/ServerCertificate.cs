using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using RegistryIndex.Files;
using RegistryIndex.Sources;

namespace RegistryIndex.Server.Access;

/// <summary>TLS with a certificate file and the file of its key. Both are read again after a renewal, in whichever order they are replaced.</summary>
internal sealed class ServerCertificate(string file, string? keyFile, TimeProvider time, ILogger<ServerCertificate> logger) : IDisposable
{
    private readonly WatchedFiles<SslStreamCertificateContext> _certificate = new(
        string.IsNullOrEmpty(keyFile) ? [file] : [file, keyFile], contents => Read(file, contents[0], contents[^1]), time, logger);

    public void Use(KestrelServerOptions kestrel) => kestrel.ConfigureHttpsDefaults(https =>
    {
        https.ServerCertificateSelector = (_, _) => _certificate.Value.TargetCertificate;
        https.OnAuthenticate = (_, tls) =>
        {
            tls.ServerCertificateSelectionCallback = null;
            tls.ServerCertificateContext = _certificate.Value; // with the intermediate certificates
        };
    });

    public void Dispose() => _certificate.Dispose();

    private static SslStreamCertificateContext Read(string file, byte[] certificateFile, byte[] keyFile)
    {
        try
        {
            var text = Encoding.UTF8.GetString(certificateFile);
            var certificate = X509Certificate2.CreateFromPem(text, Encoding.UTF8.GetString(keyFile));
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(text);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new UnusableFileException($"tls_certificate_file '{file}' and its key are not a matching PEM certificate and key ({error.Message.TrimEnd('.')}).", error);
        }
    }
}
